import { asciiBytes, hexOf } from '@tollbook/domain';
import { testCrypto } from '@tollbook/testing';

const { sha256 } = testCrypto('addresses');

/** An address of somebody's own. */
export function addressOf(name: string): string {
  return `0x${hexOf(sha256(asciiBytes(`address of ${name}`)).subarray(0, 20))}`;
}
