import { serveLab } from '../../lab/server.ts';
import { Stop } from '../../src/cli/command.ts';
import { commit } from '../machine.ts';
import { fillMarked } from '../report/markdown.ts';
import { setStage } from '../stage.ts';
import { hasChromium, launch } from './browser.ts';

// The picture of the lab in the README, and the commit below it.

const picture = 'docs/lab.png';
const asked = '?search=Nicholas+Heights';
/** Milliseconds: a search takes the naive server seconds. */
const patience = 120_000;

/** Takes the picture of a search without the cache, on databases of `customers` rows. Throws Stop without a browser. */
export async function takeScreenshot(customers: number): Promise<void> {
  if (!hasChromium)
    throw new Stop('No Chromium found for the picture: set CHROMIUM to one, or use --skip lab.');
  const stage = await setStage(customers);
  const lab = await serveLab(stage, 0);
  const browser = await launch();
  try {
    const page = await browser.newPage({ viewport: { width: 1200, height: 760 } });
    page.setDefaultTimeout(patience);
    await page.goto(lab.url);
    await page.locator('.side.optimized').getByLabel('Cache').selectOption('off');
    await page.locator('.side.optimized dl').getByText('off', { exact: true }).waitFor();
    // The first search after a start would include the servers' start-up time.
    for (let turn = 0; turn < 2; turn++) {
      await page.goto(`${lab.url}/${asked}`);
      await page.locator('.verdict.equal').waitFor();
      // The plans, and with them the rows read, arrive after the answers.
      for (const room of ['naive', 'optimized'])
        await page.locator(`.statements.${room} .plan`).first().waitFor();
    }
    await page.screenshot({ path: picture });
  } finally {
    await browser.close();
    await lab.stop();
  }
  const size = customers.toLocaleString('en-US').replaceAll(',', ' ');
  const caption = `\n${size} customers, cache off, second request, commit ${commit()?.id.slice(0, 12)}.\n`;
  await Bun.write('README.md', fillMarked('README.md', await Bun.file('README.md').text(), 'lab', caption));
  console.log(picture);
}
