import { createHmac } from 'node:crypto';
import { addressGroup } from '../client-address/address-group.js';

/** Where a request comes from, as far as it is kept: hashes that only the holder of the key can make. */
export type ClientNet = { readonly hash: Uint8Array; readonly shortHash: string };

/** A keyed hash of an address; of IPv6 its /64. */
export function clientNetOf(key: Uint8Array, address: string): ClientNet {
  const hash = createHmac('sha256', key).update(addressGroup(address)).digest();
  return { hash, shortHash: hash.toString('hex', 0, 8) };
}

/** What `shortHash` reads like. */
export const shortHashPattern = /^[0-9a-f]{16}$/;
