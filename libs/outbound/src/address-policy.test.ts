import { describe, expect, it } from 'vitest';
import { createAddressPolicy } from './address-policy.js';

const isPublic = createAddressPolicy([]);

describe('createAddressPolicy', () => {
  it.each([
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '10.255.255.255',
    '100.64.0.1',
    '100.100.100.200',
    '100.127.255.255',
    '127.0.0.1',
    '127.255.255.254',
    '168.63.129.16',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.192',
    '192.0.2.1',
    '192.31.196.1',
    '192.52.193.1',
    '192.88.99.1',
    '192.168.1.1',
    '192.175.48.1',
    '198.18.0.1',
    '198.19.255.255',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '239.255.255.255',
    '240.0.0.1',
    '255.255.255.255',
  ])('refuses %s', (address) => {
    expect(isPublic(address)).toBe(false);
  });

  it.each([
    ['unspecified', '::'],
    ['loopback', '::1'],
    ['mapped loopback', '::ffff:127.0.0.1'],
    ['mapped loopback in hex', '::ffff:7f00:1'],
    ['mapped loopback written out', '0:0:0:0:0:ffff:7f00:0001'],
    ['mapped metadata', '::ffff:169.254.169.254'],
    ['compatible', '::127.0.0.1'],
    ['translated', '::ffff:0:127.0.0.1'],
    ['NAT64', '64:ff9b::7f00:1'],
    ['NAT64 of a public address', '64:ff9b::808:808'],
    ['local NAT64', '64:ff9b:1::1'],
    ['discard', '100::1'],
    ['Teredo', '2001::1'],
    ['benchmarking', '2001:2::1'],
    ['ORCHID', '2001:20::1'],
    ['documentation', '2001:db8::1'],
    ['6to4', '2002:7f00:1::1'],
    ['new documentation', '3fff::1'],
    ['outside global unicast', '4000::1'],
    ['segment routing', '5f00::1'],
    ['unique local', 'fc00::1'],
    ['cloud metadata', 'fd00:ec2::254'],
    ['link-local', 'fe80::1'],
    ['link-local with zone', 'fe80::1%eth0'],
    ['site-local', 'fec0::1'],
    ['multicast', 'ff02::1'],
  ])('refuses %s (%s)', (_kind, address) => {
    expect(isPublic(address)).toBe(false);
  });

  it.each(['', 'localhost', '1.2.3', '127.0.0.1:80', '[::1]', '8.8.8.8/32'])(
    'refuses %j, which it cannot read',
    (text) => {
      expect(isPublic(text)).toBe(false);
    },
  );

  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.0.1.1',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '168.63.129.15',
    '2606:4700:4700::1111',
    '2a00:1450::1',
    '2001:4860:4860::8888',
    '2001:200::1',
    '2003::1',
    '::ffff:8.8.8.8',
  ])('allows %s', (address) => {
    expect(isPublic(address)).toBe(true);
  });

  it('allows what the operator allows, and only that', () => {
    const isAllowed = createAddressPolicy(['10.20.0.0/16', 'fd00:12::/32', '::1/128']);
    expect(['10.20.3.4', '::ffff:10.20.3.4', 'fd00:12::9', '::1', '8.8.8.8'].map(isAllowed)).not.toContain(false);
    expect(['10.21.0.1', 'fd00:13::9', '127.0.0.1', '::ffff:127.0.0.1'].map(isAllowed)).not.toContain(true);
  });

  it.each(['10.0.0.0', '10.0.0.0/33', 'fd00::/129', 'intranet/8', '/8', '10.0.0.0/8/8'])(
    'refuses the CIDR %s',
    (cidr) => {
      expect(() => createAddressPolicy([cidr])).toThrow(cidr);
    },
  );
});
