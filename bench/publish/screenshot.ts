import { serveLab } from '../../lab/server.ts';
import { Stop } from '../../src/cli/command.ts';
import { commit } from '../machine.ts';
import { fillMarked } from '../report/markdown.ts';
import { setStage } from '../stage.ts';
import { hasChromium, launch } from './browser.ts';

// The picture of the lab in the README, with the commit below it.

const picture = 'docs/lab.png';
const asked = '?search=Nicholas+Heights';
/** Milliseconds: the naive server searches for seconds. */
const patience = 120_000;

/** Takes it of a search without the cache, on databases of so many customers. Throws Stop where there is no browser. */
export async function takeScreenshot(customers: number): Promise<void> {
  if (!hasChromium)
    throw new Stop('There is no Chromium to take the picture with: CHROMIUM can name one, or --skip lab.');
  const stage = await setStage(customers);
  const lab = await serveLab(stage, 0);
  const browser = await launch();
  try {
    const page = await browser.newPage({ viewport: { width: 1200, height: 760 } });
    page.setDefaultTimeout(patience);
    await page.goto(lab.url);
    await page.locator('.side.optimized').getByLabel('Cache').selectOption('off');
    await page.locator('.side.optimized dl').getByText('off', { exact: true }).waitFor();
    // The first search of servers that have just started shows how long they take to start.
    for (let turn = 0; turn < 2; turn++) {
      await page.goto(`${lab.url}/${asked}`);
      await page.locator('.verdict.equal').waitFor();
      // The plans, and with them the rows that were read, come after the answers.
      for (const room of ['naive', 'optimized'])
        await page.locator(`.statements.${room} .plan`).first().waitFor();
    }
    await page.screenshot({ path: picture });
  } finally {
    await browser.close();
    await lab.stop();
  }
  const size = customers.toLocaleString('en-US').replaceAll(',', ' ');
  const caption = `\n${size} customers, cache off, asked a second time, commit ${commit()?.id.slice(0, 12)}.\n`;
  await Bun.write('README.md', fillMarked('README.md', await Bun.file('README.md').text(), 'lab', caption));
  console.log(picture);
}
