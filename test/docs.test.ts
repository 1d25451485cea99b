import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import type { Browser, Page } from 'playwright-core';
import { launch } from '../bench/publish/browser.ts';
import { hasBrowser } from './browser.ts';
import type { Kind } from './cluster.ts';
import { customers } from './rooms.ts';
import { useServer } from './served.ts';

setDefaultTimeout(60_000);

const routes = [
  `GET ${customers}`,
  `POST ${customers}`,
  `GET ${customers}/{id}`,
  `PATCH ${customers}/{id}`,
  `DELETE ${customers}/{id}`,
];

describe.if(hasBrowser)('the docs page', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  }, 60_000);
  afterAll(() => browser?.close());

  describe.each<Kind>(['naive', 'optimized'])('of the %s server', (kind) => {
    const { server } = useServer(kind);
    let page: Page;
    const asked: string[] = [];
    const complaints: string[] = [];

    beforeAll(async () => {
      page = await browser.newPage();
      page.on('request', (request) => void asked.push(request.url()));
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      await page.goto(`${server().base}/api/swagger`, { waitUntil: 'networkidle' });
      await page.waitForSelector('.opblock');
    }, 120_000);
    afterAll(() => page?.close());

    test('shows every route', async () => {
      const shown = await page.$$eval('.opblock', (blocks) =>
        blocks.map((block) => {
          const text = (selector: string) => block.querySelector(selector)?.textContent?.trim() ?? '';
          return `${text('.opblock-summary-method')} ${text('.opblock-summary-path').replace(/\u200b|\/$/g, '')}`;
        }),
      );
      expect(shown.sort()).toEqual(routes.toSorted());
      expect(await page.title()).toContain('Customers');
    });

    test('can try out the list, and shows the answer', async () => {
      const list = page.locator('.opblock-get').first();
      await list.locator('.opblock-summary').click();
      await list.getByRole('button', { name: 'Try it out' }).click();
      await list.locator('tr[data-param-name="first_name"] input').fill('Some');
      await list.getByRole('button', { name: 'Execute' }).click();
      const answer = list.locator('.live-responses-table .response');
      await answer.waitFor();
      expect(await answer.locator('.response-col_status').textContent()).toStartWith('200');
      expect(await answer.locator('.response-col_description').textContent()).toContain('"Someone"');
    });

    test('sends no request to another host, and logs no error', () => {
      expect(asked.length).toBeGreaterThan(3);
      const elsewhere = asked.filter(
        (url) => !url.startsWith(`${server().base}/`) && !url.startsWith('data:'),
      );
      expect(elsewhere).toEqual([]);
      expect(complaints).toEqual([]);
    });
  });
});
