import { useState } from 'preact/hooks';
import type { Room } from '../../bench/servers.ts';
import { type Reading, rates, rooms, type SideReading } from '../messages.ts';
import { Plot } from './plot.tsx';
import { setLoad } from './readings.ts';
import type { Trace } from './trace.ts';
import { duration, whole } from './words.ts';

const targets: { name: string; rooms: Room[] }[] = [
  { name: 'both', rooms: [...rooms] },
  { name: 'naive', rooms: ['naive'] },
  { name: 'optimized', rooms: ['optimized'] },
];

/** Milliseconds until the readings reflect a change. */
const pause = 1_000;

/** The slider for the load, and the resulting latencies. */
export function LoadPanel({ reading, trace }: { reading: Reading | null; trace: Trace }) {
  // A change is shown at once; the readings follow a moment later.
  const [ordered, setOrdered] = useState<Reading['load'] | null>(null);
  const { rate, rooms: to } = ordered ?? reading?.load ?? { rate: 0, rooms: [...rooms] };
  const order = async (load: Reading['load']) => {
    setOrdered(load);
    await setLoad(load);
    setTimeout(() => setOrdered((now) => (now === load ? null : now)), pause);
  };
  const rateText =
    rate === 0
      ? 'no load'
      : `${rate} ${rate === 1 ? 'request' : 'requests'} a second on ${to.length > 1 ? 'each server' : `the ${to[0]} server`}`;
  return (
    <section class="card load" aria-labelledby="load-title">
      <h2 id="load-title">Under load</h2>
      <p class="note">
        Generated requests of every kind at a constant rate, answered or not. Everything runs on this machine,
        so the two servers compete for the CPU.
      </p>
      <div class="controls">
        <label>
          Requests a second{' '}
          <input
            type="range"
            min={0}
            max={rates.length - 1}
            step={1}
            value={rates.indexOf(rate as (typeof rates)[number])}
            aria-valuetext={rateText}
            onInput={(event) => order({ rate: rates[event.currentTarget.valueAsNumber]!, rooms: to })}
          />
          <output>{rateText}</output>
        </label>
        <fieldset>
          <legend>on</legend>
          {targets.map(({ name, rooms: chosen }) => (
            <label key={name}>
              <input
                type="radio"
                name="target"
                checked={chosen.join() === to.join()}
                onChange={() => order({ rate, rooms: chosen })}
              />{' '}
              {name}
            </label>
          ))}
        </fieldset>
      </div>
      <div class="seen">
        <div>
          <Plot
            trace={trace}
            at={reading?.at ?? 0}
            label="Latencies of the last minute; the table beside it has the newest."
          />
          <ul class="legend">
            <li class="naive">naive</li>
            <li class="optimized">optimized</li>
            <li>— median, ┄ slowest 5 % under load, ● your own requests</li>
          </ul>
        </div>
        <Figures reading={reading} />
      </div>
    </section>
  );
}

const time = (ms: number | null) => (ms === null ? '–' : duration(ms));
const figures: [name: string, text: (side: SideReading) => string][] = [
  ['median', ({ p50 }) => time(p50)],
  ['p95', ({ p95 }) => time(p95)],
  ['answered', ({ answered }) => whole(answered)],
  ['waiting', ({ waiting }) => whole(waiting)],
  ['dropped', ({ dropped }) => whole(dropped)],
  ['failed', ({ failed }) => whole(failed)],
];

function Figures({ reading }: { reading: Reading | null }) {
  return (
    <table class="figures">
      <caption>The last half second of the load</caption>
      <thead>
        <tr>
          <td />
          {rooms.map((room) => (
            <th key={room} scope="col" class={room}>
              {room}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {figures.map(([name, text]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {rooms.map((room) => (
              <td key={room}>{reading ? text(reading.sides[room]) : '–'}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
