import { describe, expect, it } from 'vitest';
import { ChainUnavailable } from './chain-unavailable.js';
import type { AttemptRecord } from './ports/records.js';
import type { RepriceOutcome, SettlementGateway } from './ports/settlement-gateway.js';
import type { GasReplacement } from './ports/sweep-store.js';
import { newestOf, type OwnTx, replaceStuck } from './replace-stuck.js';

const network = 'eip155:8453';
const address = '0x61';
const headSeconds = 1_795_000_100;

function attempt(gasNonce: bigint, signedSecondsAgo = 60): AttemptRecord {
  const sentAtMs = (headSeconds - signedSecondsAgo) * 1000;
  const signed = { gasNonce, sentAtMs, signedTx: Uint8Array.of(Number(gasNonce)), txHash: `0x${gasNonce}` };
  return { bookId: 1, attemptId: `a${gasNonce}`, network, ...signed } as unknown as AttemptRecord;
}

function world(reprice: (asked: Parameters<SettlementGateway['reprice']>[0]) => RepriceOutcome) {
  const log: string[] = [];
  const kept: Omit<GasReplacement, 'madeAtMs'>[] = [];
  const state = { isHeadKnown: true, isFirst: true };
  const settlement = {
    reprice: async (asked: Parameters<SettlementGateway['reprice']>[0]) => {
      log.push(`reprice ${asked.signedTx[0]}${asked.isForced ? ' forced' : ''}`);
      return reprice(asked);
    },
    send: async (bytes: Uint8Array) => {
      log.push(`send ${bytes[0]}`);
      return { kind: 'accepted' };
    },
  } as unknown as SettlementGateway;
  const deps = {
    readerOf: () => ({
      head: async () => {
        if (!state.isHeadKnown) throw new ChainUnavailable(network, 'away');
        return { head: { timeUnixSeconds: headSeconds } };
      },
    }),
    sweep: {
      addReplacement: async (made: Omit<GasReplacement, 'madeAtMs'>) => {
        log.push(`keep ${made.number}`);
        if (state.isFirst) kept.push(made);
        return state.isFirst;
      },
    },
  } as unknown as Parameters<typeof replaceStuck>[0];
  const run = (waiting: readonly OwnTx[], minedNonces = 5n) =>
    replaceStuck(deps, settlement, { address, network, minedNonces }, waiting);
  return { log, kept, state, run };
}

const signedAs = (first: number) => (): RepriceOutcome => {
  return { kind: 'signed', signedTx: Uint8Array.of(first), txHash: '0xnew' };
};

describe('replaceStuck', () => {
  it('writes what takes the place of a stuck transaction before it sends it, whoever is next in line by force', async () => {
    const { log, kept, run } = world(signedAs(99));
    expect(await run(newestOf([attempt(5n), attempt(6n)], []))).toBe(2);
    expect(log).toEqual(['reprice 5 forced', 'keep 1', 'send 99', 'reprice 6', 'keep 1', 'send 99']);
    expect(kept[0]).toEqual({ bookId: 1, attemptId: 'a5', number: 1, txHash: '0xnew', signedTx: Uint8Array.of(99) });
  });

  it('goes on from the newest bytes, and counts them', async () => {
    const { log, run } = world(signedAs(99));
    const earlier = { bookId: 1, attemptId: 'a5', txHash: '0x1', madeAtMs: (headSeconds - 30) * 1000 };
    const replacements = [
      { ...earlier, number: 1, signedTx: Uint8Array.of(71) },
      { ...earlier, number: 2, signedTx: Uint8Array.of(72) },
    ];
    await run(newestOf([attempt(5n)], replacements));
    expect(log).toEqual(['reprice 72 forced', 'keep 3', 'send 99']);
  });

  it('leaves alone what stands in a block, what blocks had no time for, and everything while no head is known', async () => {
    const { log, state, run } = world(signedAs(99));
    await run(newestOf([attempt(4n), attempt(5n, 19)], []));
    state.isHeadKnown = false;
    await run(newestOf([attempt(5n)], []));
    expect(log).toEqual([]);
  });

  it.each(['fair', 'capped', 'no_key'] as const)('sends nothing where a new price is %s', async (kind) => {
    const { log, run } = world(() => ({ kind }));
    expect(await run(newestOf([attempt(5n)], []))).toBe(0);
    expect(log).toEqual(['reprice 5 forced']);
  });

  it('sends nothing where another process was first', async () => {
    const { log, state, run } = world(signedAs(99));
    state.isFirst = false;
    expect(await run(newestOf([attempt(5n)], []))).toBe(0);
    expect(log).toEqual(['reprice 5 forced', 'keep 1']);
  });
});
