import { afterAll, afterEach, beforeAll, beforeEach, expect, setDefaultTimeout, test } from 'bun:test';
import type { Browser, Page } from 'playwright-core';
import { launch } from '../../bench/publish/browser.ts';
import { type Lab, serveLab } from '../../lab/server.ts';
import { type Copy, environmentOf, type Kind, seeded } from '../cluster.ts';

/** Customers in each database. */
export const total = 2_000;

/**
 * The lab with its own servers and databases for all tests of a block, and a new page for each test. `changes` are
 * settings of the servers.
 */
export function useLab(changes: Record<string, string> = {}) {
  setDefaultTimeout(180_000);
  let browser: Browser;
  let copies: Record<Kind, Copy>;
  let lab: Lab;
  let page: Page;
  const asked: string[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    copies = await seeded(total);
    const { services, db } = copies.naive;
    const environment = environmentOf(copies.naive, changes);
    lab = await serveLab({ services, db, customers: total, data: 'default', environment }, 0);
    browser = await launch();
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await lab?.stop();
    await copies?.naive.drop();
    await copies?.optimized.drop();
  }, 60_000);

  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    // The machine may be busy.
    page.setDefaultTimeout(90_000);
    page.on('request', (request) => void asked.push(request.url()));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
  });
  afterEach(() => page.close());

  const side = (room: Kind) => page.locator(`.side.${room}`);
  return {
    url: () => lab.url,
    pid: (room: Kind) => lab.pid(room),
    page: () => page,
    copy: (room: Kind) => copies[room],
    asked,
    complaints,
    /** Opens the page with a query, and waits until both sides have answered. */
    async open(query = '') {
      await page.goto(`${lab.url}/${query}`);
      await page.locator('.verdict:not(.open)').waitFor();
    },
    equal: () => page.locator('.verdict.equal'),
    side,
    figure: (room: Kind, name: string) => side(room).locator('dl div', { hasText: name }).locator('dd'),
    rowsOf: (room: Kind) => page.locator(`.customers.${room}.answered tbody tr`).allTextContents(),
    button: (name: string) => page.getByRole('button', { name }),
  };
}

/** Call this at the end of a block. */
export function testManners(lab: ReturnType<typeof useLab>) {
  test('sends no request to another host, and logs no error but refusals', () => {
    expect(lab.asked.length).toBeGreaterThan(20);
    const own = new RegExp(`^(${lab.url()}/|data:|about:)`);
    expect(lab.asked.filter((url) => !own.test(url))).toEqual([]);
    // The browser itself logs a line for each answer that is an error.
    expect(lab.complaints.filter((line) => !line.startsWith('Failed to load resource'))).toEqual([]);
  });
}
