import { describe, expect, test } from 'bun:test';
import type { Reading } from '../../lab/messages.ts';
import { hasBrowser } from '../browser.ts';
import { within } from '../cluster.ts';
import { lowestContrast } from './contrast.ts';
import { testManners, useLab } from './page.ts';

// Tests the lab's controls: also on a phone, in dark mode, and by keyboard alone.

describe.if(hasBrowser)('the lab', () => {
  const lab = useLab({ STATEMENT_TIMEOUT: '8000' });

  test('continues with one side while the other is stopped or has died, and with both when it is back', async () => {
    await lab.open('?first_name=an');
    await lab.button('Stop the naive server').click();
    await lab.side('naive').getByText('stopped', { exact: true }).waitFor();
    await lab.side('naive').getByText('The naive server does not run.').waitFor();
    await lab.page().getByLabel('First name').fill('el');
    await lab.page().locator('.customers.optimized.answered tbody tr').first().waitFor();
    expect(await lab.page().locator('.verdict').textContent()).toBe(
      'Nothing to compare: the naive server is down',
    );
    await lab.button('Next').click();
    await lab.page().locator('.customers.optimized.answered tbody tr').first().waitFor();
    await lab.button('Start the naive server').click();
    await lab.equal().waitFor();
    expect(await lab.rowsOf('naive')).toHaveLength(20);

    process.kill(lab.pid('optimized')!, 'SIGKILL');
    await lab.side('optimized').getByText('exited unexpectedly', { exact: true }).waitFor();
    await lab.side('optimized').locator('.fault').waitFor();
    await lab.button('Start the optimized server').click();
    await lab.equal().waitFor();
  });

  test('reports that a server gave up', async () => {
    await lab.open();
    await within(lab.copy('naive').name, (sql) =>
      sql.begin(async (held) => {
        await held`lock table customer in access exclusive mode`;
        await lab.button('Newest first').click();
        await lab.side('naive').getByText('The database took too long for this request.').waitFor();
        expect(await lab.page().locator('.verdict').textContent()).toContain('the naive server gave up');
      }),
    );
  });

  test('turns the cache of the optimized server off', async () => {
    await lab.open();
    const cache = lab.side('optimized').getByLabel('Cache');
    await cache.selectOption('off');
    await lab.figure('optimized', 'Cache').getByText('off', { exact: true }).waitFor();
    await cache.selectOption('full');
    // The old entries in Redis are still valid, because nothing was written since.
    await lab
      .figure('optimized', 'Cache')
      .getByText(/^(missed, stored|hit.*)$/)
      .waitFor();
  });

  const firstReading = async (): Promise<Reading> => {
    const response = await fetch(`${lab.url()}/readings`);
    for await (const chunk of response.body!)
      return JSON.parse(Buffer.from(chunk).toString().slice('data: '.length));
    throw new Error('no reading');
  };

  test('puts load on both sides, and ends it when no page is open', async () => {
    await lab.open();
    const slider = lab.page().getByLabel('Requests a second');
    await slider.focus();
    for (let step = 0; step < 3; step++) await lab.page().keyboard.press('ArrowRight');
    await lab.page().locator('.load output', { hasText: '5 requests a second on each server' }).waitFor();
    for (const cell of await lab.page().locator('.figures tbody tr').first().locator('td').all()) {
      await cell.filter({ hasText: /\d\sm?s/ }).waitFor();
    }
    expect((await firstReading()).load).toEqual({ rate: 5, rooms: ['naive', 'optimized'] });
    await lab.page().getByRole('radio', { name: 'optimized' }).check();
    await lab.page().locator('.load output', { hasText: 'on the optimized server' }).waitFor();
    await lab.page().goto('about:blank');
    await Bun.sleep(7_000);
    const { load, sides } = await firstReading();
    expect(load.rate).toBe(0);
    expect([sides.naive.waiting, sides.optimized.waiting]).toEqual([0, 0]);
  });

  test.each(['light', 'dark'] as const)('fits a phone in %s mode', async (colorScheme) => {
    await lab.page().emulateMedia({ colorScheme });
    await lab.page().setViewportSize({ width: 400, height: 800 });
    await lab.open('?search=nicholas&sort_by=points');
    await lab.page().locator('.statements.naive .plan').first().waitFor();
    await lab.page().locator('.statements.optimized .plan').first().waitFor();
    expect(await lab.page().evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(400);
    const boxes = await Promise.all([lab.side('naive').boundingBox(), lab.side('optimized').boundingBox()]);
    expect(boxes[0]!.y).toBe(boxes[1]!.y);
    const cut = await lab.page().$$eval(
      'button, input, select',
      (controls) =>
        controls.filter((control) => {
          const { left, right, height } = control.getBoundingClientRect();
          return control.checkVisibility() && (left < 0 || right > innerWidth || height < 12);
        }).length,
    );
    expect(cut).toBe(0);
    // The contrast of text and background that WCAG requires.
    expect(await lab.page().evaluate(lowestContrast)).toBeGreaterThanOrEqual(4.5);
  });

  test('can be used by keyboard alone', async () => {
    await lab.open();
    const focused = () =>
      lab.page().evaluate(() => {
        const element = document.activeElement as HTMLElement;
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        const labels = (element as HTMLInputElement).labels;
        const name =
          element.getAttribute('aria-label') ?? labels?.[0]?.textContent ?? element.textContent ?? '';
        return { name: name.trim(), visible: outlineStyle !== 'none' && outlineWidth !== '0px' };
      });
    const to = async (name: string) => {
      for (let step = 0; step < 60; step++) {
        await lab.page().keyboard.press('Tab');
        const at = await focused();
        if (at.name === '') throw new Error('something without a name has the focus');
        if (!at.visible) throw new Error(`nobody sees that "${at.name}" has the focus`);
        if (at.name.startsWith(name)) return;
      }
      throw new Error(`Tab does not lead to "${name}"`);
    };
    await to('Search');
    await lab.page().keyboard.type('nicholas');
    await to('Sort by');
    await lab.page().keyboard.type('points');
    await to('Filters');
    await lab.page().keyboard.press('Enter');
    await to('Gender');
    await lab.page().keyboard.press('ArrowDown');
    await lab.page().keyboard.press('ArrowDown');
    await lab.page().locator('.line', { hasText: 'search=nicholas&sort_by=points&gender=male' }).waitFor();
    await lab.equal().waitFor();
    await to('Stop the naive server');
    await lab.page().keyboard.press('Enter');
    await lab.side('naive').getByText('stopped', { exact: true }).waitFor();
    await lab.page().keyboard.press('Enter');
    await lab.equal().waitFor();
    await to('Requests a second');
    await lab.page().keyboard.press('ArrowRight');
    await lab.page().locator('.load output', { hasText: '1 request a' }).waitFor();
    await lab.page().keyboard.press('Home');
    await lab.page().locator('.load output', { hasText: 'no load' }).waitFor();
    await to('SQL');
  });

  test('accepts commands from its own page only', async () => {
    const order = (path: string, body: string, type = 'application/json') =>
      fetch(lab.url() + path, { method: 'PUT', body, headers: { 'content-type': type } });
    expect((await order('/servers/naive', '{"run":false}', 'text/plain')).status).toBe(415);
    expect((await order('/load', '{"rate":100000,"rooms":["naive"]}')).status).toBe(422);
    expect((await order('/servers/other', '{"run":true}')).status).toBe(404);
    expect((await firstReading()).sides.naive.state).toBe('up');
  });

  testManners(lab);
});
