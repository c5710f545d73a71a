import { checksumAddress } from '@tollbook/evm';

/**
 * Lower-case hex of an address as people write it, or null. A spelling in mixed case carries a checksum, which must be
 * right: one wrong character would send money to nobody.
 */
export function parseAddress(network: string, text: string): string | null {
  if (!network.startsWith('eip155:') || !/^0x[0-9a-fA-F]{40}$/.test(text)) return null;
  const hex = text.slice(2);
  const hasChecksum = hex !== hex.toLowerCase() && hex !== hex.toUpperCase();
  const lower = text.toLowerCase();
  return hasChecksum && checksumAddress(lower) !== text ? null : lower;
}
