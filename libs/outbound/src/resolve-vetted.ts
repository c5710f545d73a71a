import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { AddressPolicy } from './address-policy.js';
import { OutboundError } from './outbound-error.js';

/** All addresses of a name, in the order to try them. */
export type ResolveName = (name: string) => Promise<readonly string[]>;

/** Asks the operating system for all A and AAAA records, /etc/hosts included. */
export const resolveBySystem: ResolveName = async (name) => {
  const records = await lookup(name, { all: true, verbatim: true });
  return records.map((record) => record.address);
};

/**
 * The addresses of a host, literal or name, when every one of them is allowed. A name with one forbidden address
 * is refused whole: choosing a good one would let an attacker answer with both until the bad one is dialled.
 */
export async function resolveVetted(
  host: string,
  isAllowed: AddressPolicy,
  resolveName: ResolveName,
): Promise<readonly string[]> {
  const addresses = isIP(host) === 0 ? await resolveAll(host, resolveName) : [host];
  if (!addresses.every(isAllowed)) throw new OutboundError('address_blocked', false);
  return addresses;
}

async function resolveAll(name: string, resolveName: ResolveName): Promise<readonly string[]> {
  let addresses: readonly string[];
  try {
    addresses = await resolveName(name);
  } catch (error) {
    throw new OutboundError('unresolvable', false, { cause: error });
  }
  if (addresses.length === 0) throw new OutboundError('unresolvable', false);
  return addresses;
}
