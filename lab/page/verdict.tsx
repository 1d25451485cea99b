import { times } from '../../bench/report/words.ts';
import type { Answer } from './answers.ts';
import { compare, type Verdict } from './compare.ts';
import type { Request } from './request.ts';
import { bytesText, whole } from './words.ts';

interface Props {
  naive: Answer;
  optimized: Answer;
  request: Request;
}

/** Whether both responses are equal, shown as soon as both have arrived. */
export function VerdictLine({ naive, optimized, request }: Props) {
  const missing = reasonNotTo(naive, optimized, request);
  if (naive.phase !== 'answered' || optimized.phase !== 'answered' || missing) {
    return (
      <p class="verdict open" role="status">
        <b>{missing}</b>
      </p>
    );
  }
  const verdict = compare(naive, optimized);
  if (!verdict.equal) return <Difference {...verdict} />;
  const faster = naive.ms / optimized.ms;
  return (
    <p class="verdict equal" role="status">
      <b>✓ Equal answers</b>{' '}
      <span>
        {'refused' in verdict
          ? 'Both servers refuse the request with the same message.'
          : `${whole(verdict.customers)} customers, the same ${bytesText(verdict.bytes)} byte for byte`}
      </span>
      {!('refused' in verdict) && (
        <strong>{faster >= 1 ? `${times(faster)} as fast` : 'not faster this time'}</strong>
      )}
    </p>
  );
}

/** Why there are no two responses to compare, or null. */
function reasonNotTo(naive: Answer, optimized: Answer, request: Request): string | null {
  const sides = { naive, optimized };
  for (const [room, answer] of Object.entries(sides)) {
    if (answer.phase === 'down') return `Nothing to compare: the ${room} server is down`;
    const isNew = answer.phase === 'answered' && answer.request === request;
    if (isNew && answer.status >= 500) return `Nothing to compare: the ${room} server gave up`;
  }
  const isOpen = (answer: Answer) => answer.phase !== 'answered' || answer.request !== request;
  return isOpen(naive) || isOpen(optimized) ? 'Waiting for both answers' : null;
}

function Difference({ where, naive, optimized }: Extract<Verdict, { equal: false }>) {
  return (
    <div class="verdict differs" role="alert">
      <b>✗ Different answers</b> <span>in {where}</span>
      <dl>
        <dt>naive</dt>
        <dd>
          <code>{naive}</code>
        </dd>
        <dt>optimized</dt>
        <dd>
          <code>{optimized}</code>
        </dd>
      </dl>
    </div>
  );
}
