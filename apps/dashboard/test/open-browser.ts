import packed from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

/** A real Chromium: the one named by `TOLLBOOK_TEST_CHROMIUM`, else the Linux build that npm brought. */
export async function openBrowser(): Promise<Browser> {
  const own = process.env.TOLLBOOK_TEST_CHROMIUM;
  return chromium.launch({
    executablePath: own ?? (await packed.executablePath()),
    // Not the package's own list: its single process dies with the first context that is closed.
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
    headless: true,
  });
}
