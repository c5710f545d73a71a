import { ChainUnavailable, readHealth } from '@tollbook/usecases';
import { describe, expect, it } from 'vitest';
import { useWorlds } from '../test/use-worlds.js';
import { payments, story } from '../test/world-view.js';

const { open } = useWorlds();
/** Two hours of Base. */
const outageBlocks = 3_600;

describe('a node that fails for hours', () => {
  it('delays what is read and skips nothing, and health says so meanwhile', async () => {
    const world = await open();
    await world.mine(2);
    const { network } = world.chain;
    const purchases = [world.purchase(), world.purchase()];
    for (const purchase of purchases) await world.take(purchase);
    world.node.beforeCall = () => {
      throw new ChainUnavailable(network, 'HTTP 503');
    };
    const before = await world.worker.store.cursor(network);
    for (let hour = 0; hour < 2; hour += 1) {
      world.chain.mine(outageBlocks / 2);
      await expect(world.scan()).rejects.toThrow(ChainUnavailable);
      await expect(world.reconcile()).rejects.toThrow(ChainUnavailable);
    }
    expect(await world.worker.store.cursor(network)).toEqual(before);
    const nowMs = Date.now();
    const sight = { network, name: 'node 1', headNumber: 2n, answeredAtMs: nowMs - 2 * 3_600_000, headMovedAtMs: null };
    const counts = { windowSeconds: 900, requests: 9, errors: 9, lastErrorAtMs: nowMs, lastError: 'HTTP 503' };
    const nodes = [{ ...sight, ...counts, isTold: false, refusal: null }];
    const process = { startedAtMs: 0, seenAtMs: nowMs, hasEnded: false, queueBackend: 'postgres' as const, queues: [] };
    const report = { ...process, nodes, gas: [], schedules: [] };
    const stored = { nowMs, heights: [], checks: [], usage: [], reports: [report], gates: [], proofs: [] };
    const store = { read: async () => stored };
    const health = await readHealth({ store, catalog: world.parts.catalog }, null);
    expect(health.networks[0]).toMatchObject({ state: 'failing', reason: 'node_away' });

    delete world.node.beforeCall;
    await world.finalize();
    const paid = await payments(world);
    expect(paid.map((each) => story(each).slice(-2))).toEqual(paid.map(() => ['confirmed', 'final']));
    expect(paid).toHaveLength(purchases.length);
    const cursor = await world.worker.store.cursor(network);
    expect(cursor?.head.number).toBe(world.chain.head.number);
  });
});
