import { describe, expect, it } from 'vitest';
import { type KeeperView, nextKeeperStep } from './keeper-step.js';

const HEAD = { headNumber: 100, headHash: '0xhead' };

function view(overrides: Partial<KeeperView> = {}): KeeperView {
  return {
    nowMs: 10_000,
    blockTimeMs: 2_000,
    ...HEAD,
    lastTxBlockNumber: 0,
    pendingTxCount: 0,
    lastMinedAtMs: 9_000,
    saved: { ...HEAD, withHistory: true },
    nextDumpAtMs: 0,
    plainDumpMs: 10,
    historyDumpMs: 50,
    ...overrides,
  };
}

describe('nextKeeperStep', () => {
  it('rests when nothing waits, everything is final and the chain is saved', () => {
    expect(nextKeeperStep(view({ lastTxBlockNumber: 92 }))).toEqual({ kind: 'rest' });
  });

  it('mines while a block with a chain tx is not final, at the pace of the chain', () => {
    const saved = { headNumber: 98, headHash: '0x98', withHistory: false };
    expect(nextKeeperStep(view({ lastTxBlockNumber: 93, saved }))).toEqual({ kind: 'wait', untilMs: 11_000 });
    expect(nextKeeperStep(view({ lastTxBlockNumber: 93, saved, nowMs: 11_000 }))).toEqual({ kind: 'mine' });
  });

  it('mines at once for a chain tx that finds the chain at rest', () => {
    expect(nextKeeperStep(view({ pendingTxCount: 1, lastMinedAtMs: 1_000 }))).toEqual({ kind: 'mine' });
  });

  it('saves a block with chain txs before it mines the next', () => {
    const saved = { headNumber: 99, headHash: '0x99', withHistory: true };
    const step = nextKeeperStep(view({ lastTxBlockNumber: 100, saved, nowMs: 11_000 }));
    expect(step).toEqual({ kind: 'dump', withHistory: false });
  });

  it('mines rather than wait for a dump that must not begin yet, and wakes for it in between', () => {
    const saved = { headNumber: 99, headHash: '0x99', withHistory: true };
    const busy = view({ lastTxBlockNumber: 100, saved, nextDumpAtMs: 10_500 });
    expect(nextKeeperStep(busy)).toEqual({ kind: 'wait', untilMs: 10_500 });
    expect(nextKeeperStep({ ...busy, nextDumpAtMs: 20_000, nowMs: 11_000 })).toEqual({ kind: 'mine' });
  });

  it('saves the history once the chain rests, if that is quick', () => {
    const saved = { ...HEAD, withHistory: false };
    expect(nextKeeperStep(view({ saved }))).toEqual({ kind: 'dump', withHistory: true });
    expect(nextKeeperStep(view({ saved, plainDumpMs: 200 }))).toEqual({ kind: 'rest' });
    expect(nextKeeperStep(view({ saved, historyDumpMs: 5_000 }))).toEqual({ kind: 'rest' });
  });

  it('saves a resting chain again when its head is another one', () => {
    const saved = { headNumber: 100, headHash: '0xother', withHistory: true };
    expect(nextKeeperStep(view({ saved, plainDumpMs: 200 }))).toEqual({ kind: 'dump', withHistory: false });
  });

  it('rests on a chain that never had a chain tx', () => {
    const genesis = { headNumber: 0, headHash: '0x0' };
    expect(nextKeeperStep(view({ ...genesis, saved: { ...genesis, withHistory: true } }))).toEqual({ kind: 'rest' });
  });
});
