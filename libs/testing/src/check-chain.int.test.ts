import { fakeChainReader, type NodeFaults } from '@tollbook/testing';
import { ChainUnavailable, type CheckDeps, checkChain } from '@tollbook/usecases';
import { describe, expect, it } from 'vitest';
import type { PaymentWorld } from '../test/payment-world.js';
import { useWorlds } from '../test/use-worlds.js';
import { paymentOf, payments, story } from '../test/world-view.js';

const { open } = useWorlds();
const nothing = { kind: 'checked', found: 0, leftOut: 0, ghosts: 0 };

function check(world: PaymentWorld, faults: NodeFaults = {}, isOtherNode = true) {
  const reader = fakeChainReader(world.chain, faults);
  const deps: CheckDeps = { ...world.worker, secondReaderOf: () => ({ reader, isOtherNode }) };
  return checkChain(deps, world.chain.network);
}

const checks = (world: PaymentWorld) => world.worker.store.chainChecks(world.chain.network);

describe('a second reading', () => {
  it('books what the first node left out, at the height where its blocks stand by then', async () => {
    const world = await open();
    await world.mine();
    const purchase = world.purchase();
    await world.take(purchase);
    world.node.dropsLogs = true;
    await world.mine(4);
    expect(story(await paymentOf(world, purchase))).toEqual(['processing']);
    expect(await check(world)).toEqual({ ...nothing, found: 1 });
    expect(story(await paymentOf(world, purchase))).toEqual(['processing', 'confirmed']);
    expect(await check(world)).toEqual(nothing);
    const [overlap] = (await checks(world)).filter(({ kind }) => kind === 'overlap');
    expect(overlap).toMatchObject({ isOtherNode: true, found: { count: 1 }, leftOut: { count: 0, atMs: null } });
    expect(overlap?.through).toEqual({ number: world.chain.head.number, hash: world.chain.head.hash });
    await world.finalize();
    expect(story(await paymentOf(world, purchase))).toEqual(['processing', 'confirmed', 'final']);
  });

  it('finds below the final block what was left out there, and makes it final at once', async () => {
    const world = await open();
    await world.mine();
    await check(world);
    const purchase = world.purchase();
    await world.take(purchase);
    world.node.dropsLogs = true;
    await world.mine(100);
    await world.finalize();
    expect(await check(world)).toMatchObject({ found: 1 });
    expect(story(await paymentOf(world, purchase))).toEqual(['processing', 'confirmed', 'final']);
    const kinds = (await checks(world)).filter(({ found }) => found.count > 0).map(({ kind }) => kind);
    expect(kinds).toHaveLength(1);
  });

  it('takes nothing from the books that it left out itself', async () => {
    const world = await open();
    await world.mine();
    await world.take(world.purchase());
    await world.mine(4);
    expect(await check(world, { dropsLogs: true })).toEqual({ ...nothing, leftOut: 1 });
    expect((await payments(world)).map(({ intent }) => intent.status)).toEqual(['confirmed']);
    expect(await check(world)).toEqual(nothing);
  });

  it('tells of a transfer that the chain does not have, and leaves it for a person', async () => {
    const world = await open();
    await world.mine();
    await world.take(world.purchase());
    await world.mine(4);
    const reader = { ...fakeChainReader(world.chain, { dropsLogs: true }), receipt: async () => null };
    const deps = { ...world.worker, secondReaderOf: () => ({ reader, isOtherNode: true }) };
    expect(await checkChain(deps, world.chain.network)).toEqual({ ...nothing, ghosts: 1 });
    expect((await payments(world)).map(({ intent }) => intent.status)).toEqual(['confirmed']);
  });

  it('is not believed of a node on another fork, and waits', async () => {
    const world = await open();
    await world.mine(4);
    world.chain.reorg(2);
    world.chain.mine(3);
    await expect(check(world)).rejects.toThrow(ChainUnavailable);
    expect(await checks(world)).toEqual([]);
  });

  it('compares every block when it is safe and when it is final, once', async () => {
    const world = await open();
    await world.mine();
    await check(world);
    await world.mine(200);
    await world.finalize();
    await check(world);
    const { final, head } = (await world.worker.store.cursor(world.chain.network)) ?? {};
    const through = new Map((await checks(world)).map((each) => [each.kind, each.through]));
    expect(through.get('final')).toEqual(final);
    expect(through.get('overlap')).toEqual(head);
    expect(through.get('safe')?.number).toBe(world.chain.safe.number);
    const asked: bigint[] = [];
    const honest = fakeChainReader(world.chain);
    const reader: typeof honest = {
      ...honest,
      transfers: (query) => {
        asked.push(query.fromNumber);
        return honest.transfers(query);
      },
    };
    await checkChain({ ...world.worker, secondReaderOf: () => ({ reader, isOtherNode: true }) }, world.chain.network);
    expect(asked).toEqual([world.chain.head.number - 63n]);
  });

  it('begins again at the final block after a reorg of what was safe', async () => {
    const world = await open();
    await world.mine(60);
    await check(world);
    const before = (await checks(world)).find(({ kind }) => kind === 'safe')?.through;
    const purchase = world.purchase();
    await world.take(purchase);
    world.chain.reorg(11);
    world.node.dropsLogs = true;
    await world.mine(40);
    expect(before && world.chain.at(before.number)?.header.hash).not.toBe(before?.hash);
    expect(await check(world)).toMatchObject({ found: 1 });
    expect((await checks(world)).find(({ kind }) => kind === 'safe')?.through.number).toBe(world.chain.safe.number);
  });

  it('says where it is the same node that is asked again', async () => {
    const world = await open();
    await world.mine();
    await check(world, {}, false);
    expect((await checks(world)).every(({ isOtherNode }) => !isOtherNode)).toBe(true);
  });
});
