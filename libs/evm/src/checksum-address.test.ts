import { expect, it } from 'vitest';
import { checksumAddress } from './checksum-address.js';

it('spells an address as EIP-55 does, whatever its case', () => {
  const checksummed = '0x036CbD53842c5426634e7929541eC2318f3dCF7e';
  expect(checksumAddress(checksummed.toLowerCase())).toBe(checksummed);
  expect(checksumAddress(`0x${checksummed.slice(2).toUpperCase()}`)).toBe(checksummed);
});

it('refuses what is no address', () => {
  for (const text of ['', '0x', '0x036CbD', '036CbD53842c5426634e7929541eC2318f3dCF7e00', `0x${'g'.repeat(40)}`]) {
    expect(() => checksumAddress(text)).toThrow('an address is 20 bytes of hex');
  }
});
