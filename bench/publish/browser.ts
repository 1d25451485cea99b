import { chromium } from 'playwright-core';

// An installed browser: the one that CHROMIUM names, else one from the PATH.

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const executablePath = process.env.CHROMIUM || names.map((name) => Bun.which(name)).find(Boolean);

export const hasChromium = Boolean(executablePath);

/** Requires `hasChromium`. */
export const launch = () =>
  chromium.launch({
    executablePath: executablePath!,
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-gpu'],
  });
