import type { Room } from '../../bench/servers.ts';
import type { PlanNode, StatementPlan } from '../messages.ts';
import type { Answer } from './answers.ts';
import { duration, whole } from './words.ts';

/** The statements of a response, each with the plan that PostgreSQL executed. */
export function Plans({ room, answer }: { room: Room; answer: Answer }) {
  const answered = answer.phase === 'answered' ? answer : null;
  const plans = answered?.page ? answered.plans : null;
  return (
    <div class={`statements ${room}`}>
      <h3>{room}</h3>
      {plans === 'awaited' && <p class="empty">Running the statements again to show their plans …</p>}
      {answered?.page?.performance.query_count === 0 && (
        <p class="empty">This answer came from the cache and ran no statement. Without the cache:</p>
      )}
      {plans === null && <p class="empty">–</p>}
      {plans && typeof plans === 'object' && 'missing' in plans && <p class="empty">{plans.missing}</p>}
      {plans &&
        typeof plans === 'object' &&
        'statements' in plans &&
        plans.statements.map((statement, index) => (
          <Statement key={statement.text} {...statement} isFirst={index === 0} />
        ))}
    </div>
  );
}

function Statement({
  title,
  text,
  times,
  ms,
  rowsRead,
  plan,
  isFirst,
}: StatementPlan & { isFirst: boolean }) {
  return (
    <details open={isFirst}>
      <summary>
        {title}
        <small class="cost">
          {times > 1 ? `${times} times, ` : ''}
          {duration(ms)}, {whole(rowsRead)} rows read
        </small>
      </summary>
      <ul class="plan">
        <Node {...plan} />
      </ul>
      <details>
        <summary>SQL</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable content must be reachable by keyboard */}
        <pre tabIndex={0}>{text.trim()}</pre>
      </details>
    </details>
  );
}

function Node({ name, details, rows, loops, share, children }: PlanNode) {
  const percent = Math.round(share * 100);
  return (
    <li>
      <div class={`node ${share >= 0.3 ? 'costly' : ''}`} style={{ '--share': `${percent}%` }}>
        <b>{name}</b>{' '}
        <span>
          {whole(rows)} {rows === 1 ? 'row' : 'rows'}
          {loops > 1 ? ` in ${whole(loops)} loops` : ''}, {percent} % of the time
        </span>
        {details.map((detail) => (
          <small key={detail} class="detail">
            {detail}
          </small>
        ))}
      </div>
      {children.length > 0 && (
        <ul>
          {children.map((child, index) => (
            <Node key={`${index} ${child.name}`} {...child} />
          ))}
        </ul>
      )}
    </li>
  );
}
