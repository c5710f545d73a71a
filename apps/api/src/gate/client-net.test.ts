import { describe, expect, it } from 'vitest';
import { clientNetOf, shortHashPattern } from './client-net.js';

const key = Buffer.alloc(32, 7);
const short = (address: string) => clientNetOf(key, address).shortHash;

describe('clientNetOf', () => {
  it.each([
    ['2001:db8::1', '2001:db8::2'],
    ['2001:db8::1', '2001:0db8:0000:0000:aaaa:bbbb:cccc:dddd'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::'],
    ['2001:DB8:1:2::9', '2001:db8:1:2:ffff::1'],
    ['::1', '::2'],
    ['fe80::1%eth0', 'fe80::2'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
  ])('takes %s and %s for one buyer', (one, other) => {
    expect(short(one)).toBe(short(other));
  });

  it.each([
    ['192.0.2.7', '192.0.2.8'],
    ['2001:db8:1:2::1', '2001:db8:1:3::1'],
    ['2001:db8::1', '2001:db9::1'],
    ['1::1', '::1'],
  ])('tells %s from %s', (one, other) => {
    expect(short(one)).not.toBe(short(other));
  });

  it('says nothing without the key', () => {
    expect(short('192.0.2.7')).toMatch(shortHashPattern);
    expect(clientNetOf(Buffer.alloc(32, 8), '192.0.2.7').shortHash).not.toBe(short('192.0.2.7'));
  });
});
