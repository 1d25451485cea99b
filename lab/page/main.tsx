import { render } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Room } from '../../bench/servers.ts';
import { rooms } from '../messages.ts';
import { type Answered, type Up, useAnswer } from './answers.ts';
import { Customers } from './customers.tsx';
import { Form } from './form.tsx';
import { LoadPanel } from './load.tsx';
import { Pager } from './pager.tsx';
import { Plans } from './plans.tsx';
import { useReadings } from './readings.ts';
import { addressOf, type Request, requestAt } from './request.ts';
import { Side } from './side.tsx';
import { createTrace } from './trace.ts';
import { VerdictLine } from './verdict.tsx';

function Lab() {
  const [request, setRequest] = useState<Request>(() => requestAt(location.search));
  const trace = useRef(createTrace()).current;
  const { reading, lost } = useReadings(trace.add);
  const upOf = (room: Room): Up => {
    if (!reading || lost) return null;
    const { state, started } = reading.sides[room];
    return state === 'up' ? started : false;
  };
  const answers = {
    naive: useAnswer('naive', request, upOf('naive'), (ms) => trace.asked('naive', ms)),
    optimized: useAnswer('optimized', request, upOf('optimized'), (ms) => trace.asked('optimized', ms)),
  };
  useEffect(() => history.replaceState(null, '', addressOf(request)), [request]);

  const current = (answer: (typeof answers)['naive']): Answered | null =>
    answer.phase === 'answered' && answer.request === request ? answer : null;
  const [naive, optimized] = [current(answers.naive), current(answers.optimized)];
  const slowest = Math.max(naive?.ms ?? 0, optimized?.ms ?? 0);
  const customers = reading?.customers.toLocaleString('en-US').replaceAll(',', '\u202f');
  return (
    <>
      <header class="title">
        <h1>milliseconds</h1>
        <p>{customers ?? '…'} customers, served twice. Type, and both servers answer the same request.</p>
      </header>
      {lost && (
        <p class="lost" role="alert">
          The lab does not answer. Start it again with <code>npm run lab</code>: this page then goes on by
          itself.
        </p>
      )}
      <main>
        <Form request={request} onChange={setRequest} naive={naive} optimized={optimized} />
        <VerdictLine naive={answers.naive} optimized={answers.optimized} request={request} />
        <section class="pair" aria-label="How long each server took">
          {rooms.map((room) => (
            <Side
              key={room}
              room={room}
              answer={answers[room]}
              reading={reading?.sides[room] ?? null}
              slowest={slowest}
            />
          ))}
        </section>
        <Pager request={request} onChange={setRequest} naive={naive} optimized={optimized} />
        <section class="pair wide" aria-label="Customers">
          {rooms.map((room) => (
            <Customers key={room} room={room} answer={answers[room]} values={request.values} />
          ))}
        </section>
        <LoadPanel reading={reading} trace={trace} />
        <section class="plans" aria-labelledby="plans-title">
          <h2 id="plans-title">How PostgreSQL executed it</h2>
          <div class="pair wide">
            {rooms.map((room) => (
              <Plans key={room} room={room} answer={answers[room]} />
            ))}
          </div>
        </section>
      </main>
    </>
  );
}

render(<Lab />, document.body);
