import type { Room } from '../../bench/servers.ts';
import type { Customer } from '../../src/contract/customer.ts';
import type { Answer } from './answers.ts';
import type { Values } from './request.ts';

type Column = keyof typeof columns;

const columns = {
  name: ({ first_name, last_name }: Customer) => `${first_name} ${last_name}`,
  city: ({ address }: Customer) => address?.city,
  country: ({ address }: Customer) => address?.country,
  city_code: ({ address }: Customer) => address?.city_code,
  street: ({ address }: Customer) => address && `${address.street ?? ''} ${address.street_number ?? ''}`,
  points: ({ relationship }: Customer) => relationship?.points,
  phone_number: ({ phone_number }: Customer) => phone_number,
  customer_id: ({ customer_id }: Customer) => customer_id,
  gender: ({ gender }: Customer) => gender,
  birthday: ({ birthday }: Customer) => birthday,
  created: ({ created }: Customer) => created.slice(0, 10),
  last_updated: ({ last_updated }: Customer) => last_updated.slice(0, 10),
  last_activity: ({ relationship }: Customer) => relationship?.last_activity?.slice(0, 10),
};

/** Parameters that concern a column of another name. */
const about: Record<string, Column[]> = {
  search: ['street'],
  street_number: ['street'],
  min_points: ['points'],
  max_points: ['points'],
  birthday_after: ['birthday'],
  birthday_before: ['birthday'],
  last_updated_after: ['last_updated'],
  last_updated_before: ['last_updated'],
  active_from: ['last_activity'],
  active_before: ['last_activity'],
};

const most = 5;

/** The customers of one response; until it arrives, the previous ones, dimmed. */
export function Customers({ room, answer, values }: { room: Room; answer: Answer; values: Values }) {
  const shown = answer.phase === 'awaited' ? answer.before : answer.phase === 'answered' ? answer : null;
  const results = shown?.page?.results;
  const names = columnsFor(values);
  return (
    <div class={`customers ${room} ${answer.phase}`}>
      <table>
        <caption>{room}</caption>
        <thead>
          <tr>
            {names.map((name) => (
              <th key={name} scope="col" class={name}>
                {name.replaceAll('_', ' ')}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {results?.map((customer) => (
            <tr key={customer.id}>
              {names.map((name) => (
                <td key={name} class={name}>
                  {columns[name](customer) ?? '–'}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {!results?.length && <p class="empty">{emptyText(answer)}</p>}
    </div>
  );
}

/** Name and city, then the columns of the request, then others that fit. */
function columnsFor(values: Values): Column[] {
  const asked = Object.entries(values).flatMap(([name, value]): Column[] => {
    if (value === '') return [];
    if (name === 'sort_by') return value in columns ? [value as Column] : [];
    return about[name] ?? (name in columns ? [name as Column] : []);
  });
  const rest: Column[] = ['created', 'points', 'country'];
  return [...new Set<Column>(['name', 'city', ...asked, ...rest])].slice(0, most);
}

function emptyText(answer: Answer): string {
  if (answer.phase === 'awaited') return 'On its way …';
  if (answer.phase === 'down') return 'The server does not answer.';
  return answer.page ? 'No customer matches.' : (answer.problem?.detail ?? '');
}
