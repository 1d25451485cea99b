import { chromium } from 'playwright-core';

// The pages as people see them, in a browser that is there already: CHROMIUM names one, else the PATH is searched.

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const executablePath = process.env.CHROMIUM || names.map((name) => Bun.which(name)).find(Boolean);
if (!executablePath) console.error('Pages are not tested: no Chromium on the PATH; CHROMIUM can name one.');

export const hasBrowser = Boolean(executablePath);

export const launch = () =>
  chromium.launch({
    executablePath: executablePath!,
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-gpu'],
  });
