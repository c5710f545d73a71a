import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClientAddressOf } from './client-address.js';

const trusted = ['10.0.0.0/8', 'fd00::/8'];

function addressOf(remoteAddress: string | undefined, forwardedFor?: string, proxies: readonly string[] = trusted) {
  const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor };
  return createClientAddressOf(proxies)({ headers, socket: { remoteAddress } } as IncomingMessage);
}

const client = fc.oneof(
  fc.tuple(fc.nat(255), fc.nat(255)).map(([a, b]) => `203.0.${a}.${b}`),
  fc.nat(0xffff).map((group) => `2001:db8::${group.toString(16)}`),
);
const proxy = fc.oneof(
  fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)).map((parts) => `10.${parts.join('.')}`),
  fc.nat(0xffff).map((group) => `fd00::${group.toString(16)}`),
);
/** What anybody may write into a header, and every proxy passes on. */
const written = fc
  .array(fc.oneof(client, proxy, fc.string({ unit: 'grapheme-ascii' }), fc.constantFrom('unknown', '127.1', '10.1')))
  .map((entries) => entries.join(', '));
const junk = fc.constantFrom('unknown', '_hidden', '203.0.113.7:443', '[2001:db8::1]', '10.1', '300.1.1.1', '*');

describe('createClientAddressOf', () => {
  it('takes the right-most address that no proxy of ours has, whatever the client wrote', () => {
    fc.assert(
      fc.property(proxy, fc.array(proxy, { maxLength: 3 }), client, written, (peer, between, from, text) => {
        const header = [...(text === '' ? [] : [text]), from, ...between].join(', ');
        expect(addressOf(peer, header)).toBe(from);
      }),
    );
  });

  it('believes nobody else', () => {
    fc.assert(
      fc.property(client, written, (peer, text) => {
        expect(addressOf(peer, text)).toBe(peer);
      }),
    );
  });

  it('believes nobody at all unless told', () => {
    fc.assert(
      fc.property(fc.oneof(client, proxy), written, (peer, text) => {
        expect(addressOf(peer, text, [])).toBe(peer);
      }),
    );
  });

  it('goes no further than what is no address, and names the proxy that passed it on', () => {
    fc.assert(
      fc.property(proxy, proxy, junk, written, (peer, next, malformed, text) => {
        expect(addressOf(peer, `${text}, ${malformed}, ${next}`)).toBe(next);
        expect(addressOf(peer, `${text}, ${malformed}`)).toBe(peer);
      }),
    );
  });

  it('always names an address of a living connection', () => {
    fc.assert(
      fc.property(fc.oneof(client, proxy), written, (peer, text) => {
        expect(isIP(addressOf(peer, text))).not.toBe(0);
      }),
    );
  });

  it.each([
    ['::ffff:10.0.0.1', '203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.8', '203.0.113.7'],
    ['10.0.0.1', '::ffff:203.0.113.7', '203.0.113.7'],
    ['10.0.0.1', '2001:DB8::1', '2001:db8::1'],
    ['10.0.0.1', 'fe80::1%eth0', 'fe80::1'],
    ['fe80::1%eth0', undefined, 'fe80::1'],
    ['10.0.0.1', undefined, '10.0.0.1'],
    ['10.0.0.1', ' , ', '10.0.0.1'],
    ['10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
  ])('of %s with %s it is %s', (peer, header, address) => {
    expect(addressOf(peer, header)).toBe(address);
  });

  it('is empty when the connection is gone', () => {
    expect([addressOf(undefined, '203.0.113.7'), addressOf(undefined, undefined, [])]).toEqual(['', '']);
  });
});
