import { hasChromium } from '../bench/publish/browser.ts';

/** Whether pages are tested as people see them. */
export const hasBrowser = hasChromium;

if (!hasBrowser) console.error('Pages are not tested: no Chromium on the PATH; CHROMIUM can name one.');
