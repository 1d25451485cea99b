import { useEffect, useState } from 'preact/hooks';
import type { Room } from '../../bench/servers.ts';
import { caches, type SideReading } from '../messages.ts';
import type { Answer } from './answers.ts';
import { setServer } from './readings.ts';
import { bytesText, cacheText, duration, whole } from './words.ts';

interface Props {
  room: Room;
  answer: Answer;
  reading: SideReading | null;
  /** ms of the slower response, the full length of a bar */
  slowest: number;
}

const words = {
  starting: 'starting …',
  up: 'running',
  stopping: 'stopping …',
  down: 'stopped',
  ended: 'exited unexpectedly',
};
const cacheWords = { full: 'in process and Redis', redis: 'in Redis', off: 'off' };

/** The time and figures of one server's response, and its stop/start switch. */
export function Side({ room, answer, reading, slowest }: Props) {
  const now = useNow(answer.phase === 'awaited');
  const ms =
    answer.phase === 'answered'
      ? answer.ms
      : answer.phase === 'awaited'
        ? Math.max(0, now - answer.since)
        : null;
  const longest = Math.max(slowest, ms ?? 0) || 1;
  const isUp = reading?.state === 'up';
  const moving = reading?.state === 'starting' || reading?.state === 'stopping';
  return (
    <article
      class={`card side ${room} ${answer.phase}`}
      aria-labelledby={`${room}-name`}
      aria-busy={answer.phase === 'awaited'}
    >
      <header>
        <h2 id={`${room}-name`}>{room}</h2>
        <span class={`state ${reading?.state ?? ''}`}>{reading ? words[reading.state] : '…'}</span>
        {room === 'optimized' && (
          <label class="cache">
            Cache{' '}
            <select
              value={reading?.cache ?? 'full'}
              onChange={(event) => setServer(room, { run: true, cache: event.currentTarget.value })}
            >
              {caches.map((mode) => (
                <option key={mode} value={mode}>
                  {cacheWords[mode]}
                </option>
              ))}
            </select>
          </label>
        )}
        <button
          type="button"
          aria-label={`${isUp ? 'Stop' : 'Start'} the ${room} server`}
          aria-disabled={moving || !reading}
          onClick={() => !moving && setServer(room, { run: !isUp })}
        >
          {isUp ? 'Stop' : 'Start'}
        </button>
      </header>
      <p class="time">
        {ms === null ? '–' : answer.phase === 'awaited' ? `${(ms / 1000).toFixed(1)} s …` : duration(ms)}
      </p>
      <div class="bar" aria-hidden="true">
        <div style={{ width: `${((ms ?? 0) / longest) * 100}%` }} />
      </div>
      <Trouble answer={answer} word={reading?.word ?? null} />
      {answer.phase !== 'down' && <Figures answer={answer} />}
    </article>
  );
}

/** Why there are no figures: the server is down, or could not answer. */
function Trouble({ answer, word }: { answer: Answer; word: string | null }) {
  const text =
    answer.phase === 'down'
      ? `${word ?? answer.detail} The page goes on when it is back.`
      : answer.phase === 'answered' && answer.status >= 500
        ? answer.problem?.detail
        : null;
  return text ? (
    <p class="fault" role="alert">
      {text}
    </p>
  ) : null;
}

function Figures({ answer }: { answer: Exclude<Answer, { phase: 'down' }> }) {
  const answered = answer.phase === 'answered' ? answer : null;
  const { page, plans } = answered ?? {};
  const known = plans && typeof plans === 'object' && 'rowsRead' in plans ? plans : null;
  const read = (text: (plans: { rowsRead: number; bytes: number }) => string) => {
    // From the cache; the plans show the cost without it.
    if (page?.performance.query_count === 0) return text({ rowsRead: 0, bytes: 0 });
    if (known) return text(known);
    return plans === 'awaited' && page ? '…' : '–';
  };
  const rows: [name: string, text: string][] = [
    ['Queries', page ? whole(page.performance.query_count) : '–'],
    ['Rows read', read(({ rowsRead }) => whole(rowsRead))],
    ['Data touched', read(({ bytes }) => bytesText(bytes))],
    ['Cache', answered?.page ? cacheText(answered.cache) : '–'],
    ['Matches', page ? (page.count === null ? 'not counted' : whole(page.count)) : '–'],
  ];
  return (
    <dl>
      {rows.map(([name, text]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The current time, updated while `matters` is true. */
function useNow(matters: boolean): number {
  const [now, setNow] = useState(performance.now());
  useEffect(() => {
    if (!matters) return;
    setNow(performance.now());
    const timer = setInterval(() => setNow(performance.now()), 100);
    return () => clearInterval(timer);
  }, [matters]);
  return now;
}
