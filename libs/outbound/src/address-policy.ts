import { BlockList, isIP } from 'node:net';

/** IANA special-purpose registries, plus what clouds answer on; ranges inside 2000::/3 only, the rest is refused whole. */
const REFUSED_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  // A public address by registry, yet every Azure machine reaches its own host's agent there.
  '168.63.129.16/32',
] as const;
const REFUSED_V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'] as const;
const GLOBAL_V6 = ['2000::/3'] as const;

const CIDR_PATTERN = /^([0-9a-f.:]+)\/(\d{1,3})$/i;
const MAPPED_V4_PATTERN = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/;

/** Says of one literal address whether we may connect to it. */
export type AddressPolicy = (address: string) => boolean;

/**
 * Allows public unicast addresses and those inside `allowCidrs`; anything it cannot read is refused.
 * IPv4 inside IPv6 is judged as IPv4. Throws a TypeError for a CIDR that is not one.
 */
export function createAddressPolicy(allowCidrs: readonly string[]): AddressPolicy {
  const allowed = blockListOf(allowCidrs);
  const refused = blockListOf([...REFUSED_V4, ...REFUSED_V6]);
  const global = blockListOf(GLOBAL_V6);
  return (address) => {
    const plain = unwrapMapped(address);
    const version = isIP(plain);
    if (version === 0) return false;
    const family = version === 4 ? 'ipv4' : 'ipv6';
    if (allowed.check(plain, family)) return true;
    return (version === 4 || global.check(plain, family)) && !refused.check(plain, family);
  };
}

function blockListOf(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [, address = '', prefixLength] = CIDR_PATTERN.exec(cidr) ?? [];
    const version = isIP(address);
    if (version === 0 || Number(prefixLength) > (version === 4 ? 32 : 128)) {
      throw new TypeError(`not a network in CIDR notation: ${cidr}`);
    }
    list.addSubnet(address, Number(prefixLength), version === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}

/** One spelling per address: the URL parser compresses IPv6 and turns `::ffff:127.0.0.1` into hex groups. */
function unwrapMapped(address: string): string {
  if (isIP(address) !== 6) return address;
  const url = `http://[${address}]`;
  if (!URL.canParse(url)) return '';
  const match = MAPPED_V4_PATTERN.exec(new URL(url).hostname);
  if (match === null) return new URL(url).hostname.slice(1, -1);
  const groups = [match[1], match[2]].map((group) => Number.parseInt(group ?? '', 16));
  return groups.map((group) => `${group >> 8}.${group & 255}`).join('.');
}
