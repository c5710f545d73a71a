import { noEndpointCaps } from '@tollbook/domain';
import { testAsset } from '@tollbook/testing';
import type { EndpointRecord, PriceVersionRecord } from '@tollbook/usecases';
import { describe, expect, it } from 'vitest';
import { toApiEndpoint } from './endpoint.mapping.js';

const nowMs = Date.parse('2026-11-20T12:00:00Z');
const uuid = (digit: string) => `00000000-0000-7000-8000-00000000000${digit}`;

const price = (changes: Partial<PriceVersionRecord> = {}): PriceVersionRecord => ({
  priceVersionId: uuid('1'),
  endpointId: uuid('2'),
  versionNo: 1,
  author: 'owner',
  reason: 'First',
  createdAtMs: nowMs - 10_000,
  amounts: [{ network: testAsset.network, assetId: 1, amountAtomic: 10_000n }],
  offerTtlSeconds: 300,
  activeFromMs: nowMs - 10_000,
  activeToMs: null,
  isCanceled: false,
  ...changes,
});

const endpoint = (changes: Partial<EndpointRecord> = {}): EndpointRecord => ({
  endpointId: uuid('2'),
  method: 'GET',
  path: '/weather',
  upstreamUrl: 'https://api.example.com',
  description: '',
  settleMode: 'after',
  timeoutMs: 30_000,
  isEnabled: true,
  requiresIdentifier: false,
  caps: noEndpointCaps,
  createdAtMs: nowMs - 10_000,
  archivedAtMs: null,
  prices: [price()],
  ...changes,
});

const other = { ...testAsset, assetId: 7, symbol: 'EURC' };
const shown = (record: EndpointRecord, takings: Parameters<typeof toApiEndpoint>[1]['takings'] = []) =>
  toApiEndpoint(record, {
    caller: { mode: 'test', gateSlug: 'demo' },
    catalog: { networks: [], assets: [testAsset, other] },
    publicUrl: 'https://pay.example',
    nowMs,
    takings,
  });

describe('toApiEndpoint', () => {
  it('tells the price that is asked and the one that is planned', () => {
    const until = nowMs + 60_000;
    const planned = price({ priceVersionId: uuid('3'), versionNo: 2, activeFromMs: until });
    const view = shown(endpoint({ prices: [planned, price({ activeToMs: until })] }));
    expect(view.price).toMatchObject({ version: 1, state: 'current', amount: '0.01' });
    expect(view.price?.honoredUntil).toBe(new Date(until + 420_000).toISOString());
    expect(view.scheduledPrice).toMatchObject({ version: 2, state: 'scheduled', activeTo: null, honoredUntil: null });
    expect(view.url).toBe('https://pay.example/g/demo/weather');
  });

  it.each([
    [{}, 'active'],
    [{ isEnabled: false }, 'disabled'],
    [{ isEnabled: false, archivedAtMs: nowMs }, 'archived'],
  ] as const)('of %j is %s', (changes, state) => {
    expect(shown(endpoint(changes)).state).toBe(state);
  });

  it('adds up the week in the price’s token alone', () => {
    const taken = (assetId: number, amountAtomic: bigint) => ({
      endpointId: uuid('2'),
      assetId,
      count: 2,
      amountAtomic,
    });
    expect(shown(endpoint(), [taken(1, 30_000n), taken(7, 500n)]).lastWeek).toEqual({
      payments: 2,
      revenue: '0.03',
      revenueAtomic: '30000',
      asset: 'USDC',
    });
    expect(shown(endpoint()).lastWeek).toMatchObject({ payments: 0, revenue: '0' });
  });
});
