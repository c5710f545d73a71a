import { mkdirSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import packed from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

/** A real Chromium: the one named by `TOLLBOOK_TEST_CHROMIUM`, else the Linux build that npm brought. */
export async function openBrowser(): Promise<Browser> {
  const own = process.env.TOLLBOOK_TEST_CHROMIUM;
  return chromium.launch({
    executablePath: own ?? (await unpack()),
    // Not the package's own list: its single process dies with the first context that is closed.
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
    headless: true,
  });
}

/** Into a folder of this account's own: the package shares one among all, and another account's cannot be run. */
async function unpack(): Promise<string> {
  const before = process.env.TMPDIR;
  const folder = join(tmpdir(), `tollbook-chromium-${userInfo().uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  process.env.TMPDIR = folder;
  try {
    return await packed.executablePath();
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
}
