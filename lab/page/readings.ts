import { useEffect, useRef, useState } from 'preact/hooks';
import type { Room } from '../../bench/servers.ts';
import type { Reading } from '../messages.ts';

/** The lab's readings of load and servers, twice a second; null until the first. `lost`: the lab does not answer. */
export function useReadings(onReading: (reading: Reading) => void): {
  reading: Reading | null;
  lost: boolean;
} {
  const [state, setState] = useState<{ reading: Reading | null; lost: boolean }>({
    reading: null,
    lost: false,
  });
  const told = useRef(onReading);
  told.current = onReading;
  useEffect(() => {
    // Reconnects on its own.
    const events = new EventSource('/readings');
    events.onmessage = ({ data }) => {
      const reading: Reading = JSON.parse(data);
      told.current(reading);
      setState({ reading, lost: false });
    };
    events.onerror = () => setState(({ reading }) => ({ reading, lost: true }));
    return () => events.close();
  }, []);
  return state;
}

export const setLoad = (load: Reading['load']) => put('/load', load);

export const setServer = (room: Room, order: { run: boolean; cache?: string }) =>
  put(`/servers/${room}`, order);

/** No error handling: a failed change shows in the readings, which stay as before. */
async function put(path: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  await fetch(path, { method: 'PUT', headers, body: JSON.stringify(body) }).catch(() => {});
}
