import { expect, it } from 'vitest';
import { findDownloadAddresses, findMissingOptionals, findRanges } from './check-lockfile.mjs';

it('refuses a lock entry that names where it was downloaded from', () => {
  const packages = {
    'node_modules/a': { version: '1.0.0', resolved: 'https://registry.example/a.tgz' },
    'node_modules/@tollbook/domain': { resolved: 'libs/domain', link: true },
  };
  expect(findDownloadAddresses({ packages })).toEqual([expect.stringContaining('node_modules/a')]);
});

it('refuses a lock that leaves out the build for another platform', () => {
  const packages = {
    'libs/sandbox': { optionalDependencies: { anvil: '1.0.0' } },
    'node_modules/anvil': { optionalDependencies: { 'anvil-arm64': '1.0.0', 'anvil-x64': '1.0.0' } },
    'node_modules/anvil/node_modules/anvil-x64': {},
  };
  expect(findMissingOptionals({ packages })).toEqual([expect.stringContaining('wants anvil-arm64')]);
});

it('refuses ranges, tags and ranges inside overrides', () => {
  const manifest = {
    dependencies: { a: '1.2.3', b: '^1.2.3', c: 'npm:d@2.0.0', e: '18.4.0-beta.17' },
    devDependencies: { f: 'latest', g: '~1.0.0' },
    overrides: { h: { a: '$a', i: '>=2' } },
    peerDependencies: { j: '>=4' },
  };
  expect(findRanges('package.json', manifest).map((problem) => problem.split(': ')[2]?.split(' ')[0])).toEqual([
    'b',
    'f',
    'g',
    'i',
  ]);
});
