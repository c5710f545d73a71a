import { isIP } from 'node:net';

const CIDR_PATTERN = /^([0-9a-f.:]+)\/(\d{1,3})$/i;

/** Whether this is an IPv4 or IPv6 network in CIDR notation, its prefix length written out. */
export function isCidr(text: string): boolean {
  const match = CIDR_PATTERN.exec(text);
  if (match === null) return false;
  const [, address = '', prefixLength] = match;
  const family = isIP(address);
  return family !== 0 && Number(prefixLength) <= (family === 4 ? 32 : 128);
}
