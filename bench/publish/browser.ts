import { chromium } from 'playwright-core';

// A browser that is there already: CHROMIUM names one, else the PATH is searched.

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const executablePath = process.env.CHROMIUM || names.map((name) => Bun.which(name)).find(Boolean);

export const hasChromium = Boolean(executablePath);

/** Only where `hasChromium`. */
export const launch = () =>
  chromium.launch({
    executablePath: executablePath!,
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-gpu'],
  });
