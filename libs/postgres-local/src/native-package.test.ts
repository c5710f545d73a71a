import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { findNativePackage } from './native-package.js';

it('finds the programs for this platform and names their release', async () => {
  const { nativeDir, release } = await findNativePackage();
  expect(existsSync(path.join(nativeDir, 'share'))).toBe(true);
  expect(release).toMatch(/^[a-z]+-[a-z0-9]+-\d+\./);
});

it('names a platform that has none, and the way out', async () => {
  await expect(findNativePackage('sunos', 'sparc')).rejects.toMatchObject({
    code: 'platform_unsupported',
    message: expect.stringMatching(/for sunos-sparc .*DATABASE_URL/),
  });
});
