import { describe, expect, test } from 'bun:test';
import { hasBrowser } from '../browser.ts';
import { cluster, type Kind, within } from '../cluster.ts';
import { testManners, total, useLab } from './page.ts';

// Tests the lab as people use it: their input, and the answers of both servers.

describe.if(hasBrowser)('the lab', () => {
  const lab = useLab();

  test('answers typed input on both sides, with queries, rows and plans', async () => {
    await lab.open();
    await lab.page().getByLabel('Search', { exact: true }).pressSequentially('nicholas', { delay: 30 });
    await lab.page().locator('.customers.optimized td', { hasText: 'Nicholas' }).first().waitFor();
    await lab.equal().waitFor();
    const [naive, optimized] = [await lab.rowsOf('naive'), await lab.rowsOf('optimized')];
    expect(naive.length).toBeGreaterThan(2);
    expect(naive).toEqual(optimized);
    expect(naive.every((row) => row.includes('Nicholas'))).toBe(true);
    expect(await lab.equal().textContent()).toContain(`${naive.length} customers`);
    expect(new URL(lab.page().url()).search).toBe('?search=nicholas');

    await lab.page().locator('.statements.naive .plan').first().waitFor();
    await lab.page().locator('.statements.optimized .plan').first().waitFor();
    // The list, the count, and the address and relationship of each customer.
    expect(Number(await lab.figure('naive', 'Queries').textContent())).toBeGreaterThan(2 + naive.length);
    expect(await lab.figure('optimized', 'Queries').textContent()).toBe('1');
    const read = async (room: Kind) =>
      Number((await lab.figure(room, 'Rows read').textContent())!.replace(/\D/g, ''));
    expect(await read('naive')).toBeGreaterThan(2 * total);
    expect(await read('optimized')).toBeLessThan(total / 4);
    expect(await lab.page().locator('.statements.naive').textContent()).toContain('Seq Scan on customer');
    expect(await lab.page().locator('.statements.optimized').textContent()).toContain('customer_list');
    expect(await lab.figure('optimized', 'Cache').textContent()).toBe('missed, stored');
    await lab.button('Ask again').click();
    await lab.figure('optimized', 'Cache').getByText('hit in process').waitFor();
    expect(await lab.figure('optimized', 'Queries').textContent()).toBe('0');
    expect(await lab.figure('optimized', 'Rows read').textContent()).toBe('0');
  });

  test('shows the fast side at once, and on more input cancels the slow one, including its statement', async () => {
    await lab.open();
    const { admin } = await cluster();
    const waiting = async () => {
      const [row] = await admin<{ count: number }[]>`
        select count(*) from pg_stat_activity
        where datname = ${lab.copy('naive').name} and wait_event_type = 'Lock' and state = 'active'`;
      return Number(row!.count);
    };
    const search = lab.page().getByLabel('Search', { exact: true });
    await within(lab.copy('naive').name, (sql) =>
      sql.begin(async (held) => {
        await held`lock table customer in access exclusive mode`;
        await search.fill('anthony');
        await lab
          .page()
          .locator('.customers.optimized.answered td', { hasText: 'Anthony' })
          .first()
          .waitFor();
        expect(await lab.side('naive').getAttribute('aria-busy')).toBe('true');
        expect(await lab.side('naive').locator('.time').textContent()).toContain('…');
        while ((await waiting()) === 0) await Bun.sleep(20);
        await search.fill('nicholas');
        await lab
          .page()
          .locator('.customers.optimized.answered td', { hasText: 'Nicholas' })
          .first()
          .waitFor();
        await lab.page().locator('.side.naive.awaited').waitFor();
        await Bun.sleep(500);
        expect(await waiting()).toBe(1);
      }),
    );
    await lab.equal().waitFor();
    const naive = await lab.rowsOf('naive');
    expect(naive.length).toBeGreaterThan(2);
    expect(naive.every((row) => row.includes('Nicholas'))).toBe(true);
  });

  test('pages forwards and backwards on both sides', async () => {
    await lab.open('?sort_by=full_name');
    const begin = await lab.rowsOf('naive');
    const seen = [begin];
    for (const number of ['2', '3']) {
      await turn('Next', number);
      seen.push(await lab.rowsOf('naive'));
      expect(await lab.rowsOf('optimized')).toEqual(seen.at(-1)!);
    }
    expect(lab.asked.some((url) => url.includes('/ask/optimized?') && url.includes('cursor='))).toBe(true);
    expect(lab.asked.some((url) => url.includes('/ask/naive?') && url.includes('page=3'))).toBe(true);
    expect(new Set(seen.flat()).size).toBe(60);
    await turn('Previous', '2');
    expect(await lab.rowsOf('optimized')).toEqual(seen[1]!);
    await turn('Previous', '1');
    expect(await lab.rowsOf('optimized')).toEqual(begin);
    expect(await lab.button('Previous').getAttribute('aria-disabled')).toBe('true');

    await lab.page().getByLabel('Page', { exact: true }).fill('100');
    await Bun.sleep(1_200); // a reading arrives, and the page is redrawn
    await lab.page().keyboard.press('Enter');
    await lab.page().locator('.line', { hasText: 'page=100' }).waitFor();
    await lab.equal().waitFor();
    expect(await lab.button('Next').getAttribute('aria-disabled')).toBe('true');
    expect(await lab.rowsOf('naive')).toHaveLength(20);
  });

  async function turn(name: string, to: string) {
    await lab.button(name).click();
    await lab
      .page()
      .waitForFunction(
        (value) => document.querySelector<HTMLInputElement>('.pager input')?.value === value,
        to,
      );
    await lab.page().locator('.verdict:not(.open)').waitFor();
    await lab.equal().waitFor();
  }

  test('shows a fault at its field until it is corrected', async () => {
    await lab.open();
    await lab.page().locator('summary', { hasText: 'Filters' }).click();
    const field = lab.page().getByLabel('Born from');
    await field.fill('yesterday');
    await lab.page().locator('#field-birthday_after-fault').waitFor();
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    expect(await field.getAttribute('aria-describedby')).toBe('field-birthday_after-fault');
    expect(await lab.page().locator('#field-birthday_after-fault').textContent()).toContain('YYYY-MM-DD');
    expect(await lab.equal().textContent()).toContain('Both servers refuse');
    await field.fill('1990-01-01');
    await lab.page().locator('.customers.naive tbody tr').first().waitFor();
    await lab.equal().waitFor();
    expect(await lab.page().locator('.fault').count()).toBe(0);

    await lab.page().goto(`${lab.url()}/?fist_name=a`);
    await lab.page().getByText('fist_name is not known; the nearest known name is first_name').waitFor();
  });

  test('shows where two answers differ', async () => {
    const setPoints = (change: number) =>
      within(lab.copy('naive').name, (sql) =>
        sql.unsafe(`update customer_relationship set points = points + ${change} where customer_ref = 5`),
      );
    await lab.open();
    await setPoints(1);
    try {
      await lab.page().goto(`${lab.url()}/?page_size=100&sort_by=customer_id&first_name=e`);
      const id = await within(
        lab.copy('naive').name,
        (sql) => sql`select customer_id from customer where id = 5`,
      );
      await lab.page().goto(`${lab.url()}/?customer_id=${id[0]!.customer_id}`);
      const differs = lab.page().locator('.verdict.differs');
      await differs.waitFor();
      expect(await differs.textContent()).toContain('in customer 1, relationship, points');
    } finally {
      await setPoints(-1);
    }
    await lab.button('Ask again').click();
    await lab.equal().waitFor();
  });

  testManners(lab);
});
