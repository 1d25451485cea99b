import { command, run, Stop } from '../../src/cli/command.ts';
import * as option from '../../src/cli/options.ts';
import { Problem } from '../../src/contract/problem.ts';
import { listPath } from '../requests.ts';
import { connectAsServer, estimateOf, openedReader, statementsOf } from '../shapes/optimized.ts';
import { plansOf } from '../shapes/plans.ts';
import { population, setStage } from '../stage.ts';
import { table } from '../table.ts';

const program = command(
  'explain',
  'Explains a list request on the optimized server: the estimates that its sample gives for each condition, the access paths chosen, each statement with its parameters, and the plan that PostgreSQL executed.',
)
  .argument(
    '<ADDRESS>',
    'address of the list: "/api/v1/customers?city=ondo", a whole URL, or only its parameters',
  )
  .addOption(option.customers(100_000))
  .addOption(option.data)
  .addOption(option.database)
  .action(async (address, { customers, data, database }) => {
    const path = pathOf(address);
    const stage = await setStage(customers, { data, existing: database });
    const sql = connectAsServer(stage);
    try {
      const reader = await openedReader(sql);
      const { conditions, together, distance } = await estimateOf(sql, reader, path);
      const share = (rows: number) => [
        Math.round(rows).toLocaleString('en-US'),
        `${((100 * rows) / stage.customers).toPrecision(2)} %`,
      ];
      console.log(`${population(stage)}\nGET ${path}\n`);
      const rows = [...conditions, { name: 'all together', rows: together, isFindable: null }];
      console.log(
        table([
          ['condition', 'estimated rows', 'share', 'in the inverted index'],
          ...rows.map(({ name, rows, isFindable }) => [
            name,
            ...share(rows),
            isFindable === null ? '' : isFindable ? 'yes' : 'no',
          ]),
        ]),
      );
      if (distance !== null)
        console.log(`A walk reads about ${Math.ceil(distance)} rows of the order until the page is full.`);
      const asked = await statementsOf(sql, reader, path);
      console.log(
        `Access paths, in turn until one fills the page: ${asked.map(({ title }) => title).join(', ')}\n`,
      );
      for (const { title, statement, parameters, lines } of await plansOf(sql, asked)) {
        console.log(`${title}\n\n${statement}\n\nparameters ${JSON.stringify(parameters)}\n`);
        console.log(`${lines.join('\n')}\n`);
      }
    } catch (error) {
      if (error instanceof Problem) throw new Stop(faultsOf(error));
      throw error;
    } finally {
      await sql.end();
    }
  });

/** The path of a list request with its parameters. */
function pathOf(address: string): string {
  const at = address.indexOf('?');
  const parameters = at < 0 ? (address.includes('=') ? address : '') : address.slice(at + 1);
  return parameters === '' ? listPath : `${listPath}?${parameters}`;
}

const faultsOf = ({ detail, extra: { errors = [] } }: Problem): string =>
  errors.length > 0
    ? errors.map(({ message, ...where }) => `${Object.values(where)[0]}: ${message}`).join('; ')
    : detail;

if (import.meta.main) await run(program);
