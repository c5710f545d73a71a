import { expect, it } from 'vitest';
import { nextAddress } from './next-address.js';

const searchOf = (next: string) => `?${new URLSearchParams({ next })}`;

it('goes back to the very page one came from', () => {
  expect(nextAddress(searchOf('/test/payments?status=failed'), 'live')).toBe('/test/payments?status=failed');
});

it.each(['https://evil.example/test', '//evil.example/test', '/\\evil.example/test', '/v1/payments', 'test', ''])(
  'does not leave for %s',
  (next) => {
    expect(nextAddress(searchOf(next), 'test')).toBe('/test');
  },
);
