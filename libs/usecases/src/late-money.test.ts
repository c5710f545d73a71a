import { expect, it } from 'vitest';
import { lateMoney } from './late-money.js';
import type { PaymentDetail } from './ports/payment-queries.js';

const keyOf = (byte: number) => new Uint8Array(32).fill(byte);
const tried = (status: 'failed' | 'final', key: number) => ({ status, replayKeyHash: keyOf(key) });
const came = (key: number, stage: 'final' | 'orphaned' = 'final') =>
  ({ replayKeyHash: keyOf(key), stage }) as PaymentDetail['transfers'][number];
const late = (closedAtMs: number | null) => ({ kind: 'late', closedAtMs }) as PaymentDetail['discrepancies'][number];

const failed = tried('failed', 1);
const of = (parts: Partial<Parameters<typeof lateMoney>[1]>, attempt = failed) =>
  lateMoney(attempt, { attempts: [attempt], transfers: [], discrepancies: [], ...parts });

it('is told by a transfer of the attempt’s own key that is in the chain', () => {
  expect(of({ transfers: [came(2), came(1)], discrepancies: [late(null)] })).toBe('open');
  expect(of({ transfers: [came(1)], discrepancies: [late(5)] })).toBe('closed');
  expect(of({ transfers: [came(2)], discrepancies: [late(null)] })).toBe('none');
  expect(of({ transfers: [came(1, 'orphaned')] })).toBe('none');
});

it('is not what paid a later attempt, and an attempt that did not fail has none', () => {
  expect(of({ attempts: [failed, tried('final', 1)], transfers: [came(1)] })).toBe('none');
  expect(of({ transfers: [came(1)] }, tried('final', 1))).toBe('none');
});
