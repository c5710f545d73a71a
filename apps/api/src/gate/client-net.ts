import { createHmac } from 'node:crypto';
import { isIPv6 } from 'node:net';

/** Where a request comes from, as far as it is kept: hashes that only the holder of the key can make. */
export type ClientNet = { readonly hash: Uint8Array; readonly shortHash: string };

/** A keyed hash of an address; of IPv6 its /64, which is what one buyer holds. */
export function clientNetOf(key: Uint8Array, address: string): ClientNet {
  const hash = createHmac('sha256', key).update(netOf(address)).digest();
  return { hash, shortHash: hash.toString('hex', 0, 8) };
}

/** What `shortHash` reads like. */
export const shortHashPattern = /^[0-9a-f]{16}$/;

function netOf(address: string): string {
  const plain = address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
  return isIPv6(plain) ? firstGroups(plain) : plain;
}

/** The first four groups, each in its one spelling: an address is written shorter in more than one way. */
function firstGroups(address: string): string {
  const [unscoped = ''] = address.toLowerCase().split('%');
  const [before = '', after] = unscoped.split('::');
  const head = before === '' ? [] : before.split(':');
  const tail = after === undefined || after === '' ? [] : after.split(':');
  // A dotted end stands for two groups.
  const tailLength = tail.length + (tail.at(-1)?.includes('.') ? 1 : 0);
  const zeros = after === undefined ? 0 : 8 - head.length - tailLength;
  const groups = [...head, ...Array<string>(Math.max(zeros, 0)).fill('0'), ...tail];
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
