import { hasChromium } from '../bench/publish/browser.ts';

/** Whether pages are tested in a browser. */
export const hasBrowser = hasChromium;

if (!hasBrowser) console.error('Pages are not tested: no Chromium on the PATH; CHROMIUM can name one.');
