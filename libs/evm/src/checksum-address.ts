import { getAddress } from 'viem/utils';
import { readHex } from './rpc-value.js';

/** The EIP-55 spelling of an address in whatever case; throws on anything that is not 20 bytes of hex. */
export function checksumAddress(address: string): string {
  const hex = readHex(address, 20);
  if (hex === undefined) throw new Error('an address is 20 bytes of hex with 0x before it');
  return getAddress(hex);
}
