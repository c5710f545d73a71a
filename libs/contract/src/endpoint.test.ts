import { describe, expect, it } from 'vitest';
import { changeEndpointSchema, createEndpointSchema } from './endpoint.js';
import { createPriceVersionSchema } from './price-version.js';

const fewest = {
  method: 'GET',
  path: '/quotes/:symbol',
  upstream: 'https://api.example.com',
  price: { amount: '0.01' },
  networks: ['eip155:84532'],
};

describe('createEndpointSchema', () => {
  it('fills in what a merchant rarely says', () => {
    expect(createEndpointSchema.parse(fewest)).toEqual({
      ...fewest,
      description: '',
      price: { amount: '0.01', asset: 'USDC' },
      settleMode: 'after',
      timeoutMs: 30_000,
      paymentIdentifier: 'optional',
      reason: 'New endpoint',
    });
  });

  it.each([
    ['an amount as a number', { price: { amount: 0.01 } }, 'price.amount'],
    ['no network', { networks: [] }, 'networks'],
    ['a broken number of milliseconds', { timeoutMs: 1.5 }, 'timeoutMs'],
    ['a settle mode that nobody knows', { settleMode: 'never' }, 'settleMode'],
    ['a description in two lines', { description: 'a\nb' }, 'description'],
    ['a limit of nothing', { rateLimit: { paidPerMinute: 0 } }, 'rateLimit.paidPerMinute'],
  ])('refuses %s, naming the field', (_, change, field) => {
    const result = createEndpointSchema.safeParse({ ...fewest, ...change });
    expect(result.error?.issues[0]?.path.join('.')).toBe(field);
  });

  it('refuses what it does not know', () => {
    const result = createEndpointSchema.safeParse({ ...fewest, prize: 1 });
    expect(result.error?.issues[0]).toMatchObject({ code: 'unrecognized_keys', keys: ['prize'] });
  });
});

describe('changeEndpointSchema', () => {
  it('refuses a change of nothing', () => {
    expect(changeEndpointSchema.safeParse({ reason: 'because' }).success).toBe(false);
    expect(changeEndpointSchema.safeParse({ isEnabled: false }).success).toBe(true);
  });
});

describe('createPriceVersionSchema', () => {
  it('wants a reason', () => {
    expect(createPriceVersionSchema.safeParse({ amount: '1' }).error?.issues[0]?.path).toEqual(['reason']);
    expect(createPriceVersionSchema.safeParse({ amount: '1', reason: '' }).error?.issues[0]?.path).toEqual(['reason']);
  });

  it('wants the zone of a time', () => {
    const at = (effectiveFrom: string) =>
      createPriceVersionSchema.safeParse({ amount: '1', reason: 'r', effectiveFrom }).success;
    expect(at('2026-12-01T00:00:00Z')).toBe(true);
    expect(at('2026-12-01T01:00:00+01:00')).toBe(true);
    expect(at('2026-12-01T00:00:00')).toBe(false);
    expect(at('2026-12-01')).toBe(false);
  });
});
