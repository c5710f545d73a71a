import { expect, it } from 'vitest';
import { parseAddress } from './parse-address.js';

const address = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';

it('takes the right checksum, and spellings that carry none', () => {
  expect(parseAddress('eip155:84532', address)).toBe(address.toLowerCase());
  expect(parseAddress('eip155:84532', address.toLowerCase())).toBe(address.toLowerCase());
  expect(parseAddress('eip155:84532', `0x${address.slice(2).toUpperCase()}`)).toBe(address.toLowerCase());
});

it.each([
  ['eip155:84532', address.replace('dc', 'dC')],
  ['eip155:84532', address.slice(0, -1)],
  ['eip155:84532', `${address}0`],
  ['eip155:84532', address.slice(2)],
  ['eip155:84532', ''],
  ['solana:EtWTRABZaYq6iMfeYKouRu166VU2xqa1', address],
])('refuses on %s "%s"', (network, text) => {
  expect(parseAddress(network, text)).toBeNull();
});
