import { fakeChainReader, testAsset } from '@tollbook/testing';
import { addWallet, backfillChain, ChainUnavailable, proveBooks, systemContext } from '@tollbook/usecases';
import { describe, expect, it } from 'vitest';
import { addressOf } from '../test/address-of.js';
import type { PaymentWorld } from '../test/payment-world.js';
import { useWorlds } from '../test/use-worlds.js';

const { open } = useWorlds();
const safe = addressOf('safe');
const walletId = '01930000-0000-7000-8000-0000000000f1';
const readAll = { kind: 'filled', left: 0 };

type Wish = { readonly startBlock?: bigint | null; readonly isSmartAccount?: boolean };

function add(world: PaymentWorld, { startBlock = null, isSmartAccount = false }: Wish = {}) {
  const reader = fakeChainReader(world.chain);
  const deps = {
    catalog: world.parts.catalog,
    configuration: world.db.configuration,
    vetUrl: async () => null,
    fitsHeader: () => true,
    formatAddress: (_: string, address: string) => address,
    parseAddress: (_: string, text: string) => text,
    standingOf: () => ({ kind: 'open' }) as const,
    readerOf: () => reader,
  };
  const caller = { ...systemContext, bookId: world.book.bookId, mode: 'test' as const };
  const input = { walletId, network: world.chain.network, address: safe, label: 'Safe', reason: 'test' };
  return addWallet(deps, caller, { ...input, startBlock, isSmartAccount });
}

/** So many transfers to the safe, one a block. */
async function paySafe(world: PaymentWorld, count: number, name: string) {
  for (let at = 0; at < count; at += 1) {
    const action = { kind: 'transfer' as const, from: addressOf('stranger'), to: safe, amountAtomic: 5n };
    world.chain.submit({
      txHash: `0x${Buffer.from(`${name}${at}`).toString('hex').padStart(64, '0')}`,
      actions: [action],
    });
    await world.mine();
  }
}

const toSafe = (world: PaymentWorld) =>
  world.db.rows<{ block_number: string }>('select block_number from transfers where to_wallet_id = $1', [walletId]);
const gaps = (world: PaymentWorld) => world.worker.store.coverageGaps(world.chain.network);
const proof = async (world: PaymentWorld) => {
  const { store, readerOf } = world.worker;
  const scope = { bookId: world.book.bookId, network: world.chain.network, blockNumber: null };
  const result = await proveBooks({ books: world.db.books, store, readerOf }, scope);
  return result.kind === 'proved' ? result.rows.filter(({ wallet }) => wallet === safe) : [];
};

describe('a wallet that is added later', () => {
  it('has its older blocks read beside the newest, each once, and its books proved then', async () => {
    const world = await open();
    await world.mine(3);
    await paySafe(world, 4, 'old');
    await world.mine(30);
    expect(await add(world, { startBlock: 2n })).toMatchObject({
      kind: 'ok',
      wallet: { assets: [{ assetId: testAsset.assetId, watchFromBlock: 2n, unreadFromBlock: 2n }] },
    });
    await paySafe(world, 2, 'new');
    await world.finalize();
    expect(await toSafe(world)).toHaveLength(2);
    expect(await proof(world)).toEqual([]);
    expect(await backfillChain(world.worker, world.chain.network)).toMatchObject({ ...readAll, transfers: 4 });
    expect(await toSafe(world)).toHaveLength(6);
    expect(await gaps(world)).toEqual([]);
    expect(await backfillChain(world.worker, world.chain.network)).toMatchObject({ ...readAll, blocks: 0 });
    await world.finalize();
    expect((await proof(world)).map(({ inAtomic, differenceAtomic }) => [inAtomic, differenceAtomic])).toEqual([
      [30n, 0n],
    ]);
    const covered = await world.db.rows('select from_block, to_block from coverage where wallet_id = $1', [walletId]);
    expect(covered.map((row) => Object.values(row).map(String))).toEqual([['2', 'null']]);
  });

  it('goes on where it was when a part is read, and takes nothing of another chain', async () => {
    const world = await open();
    await world.mine(3);
    await paySafe(world, 3, 'old');
    await world.mine(20);
    await add(world, { startBlock: 1n });
    const before = await gaps(world);
    const honest = fakeChainReader(world.chain);
    const inParts: typeof honest = {
      ...honest,
      transfers: (query) =>
        honest.transfers({
          ...query,
          toNumber: query.fromNumber + 7n < query.toNumber ? query.fromNumber + 7n : query.toNumber,
        }),
    };
    const failing = { ...inParts, transfers: () => Promise.reject(new ChainUnavailable(world.chain.network, 'away')) };
    const worker = { ...world.worker, readerOf: () => failing };
    await expect(backfillChain(worker, world.chain.network)).rejects.toThrow(ChainUnavailable);
    expect(await gaps(world)).toEqual(before);
    expect(await backfillChain({ ...worker, readerOf: () => inParts }, world.chain.network)).toMatchObject(readAll);
    expect(await toSafe(world)).toHaveLength(3);
  });

  it('is refused with a start that is not there yet, after money it held, or without the code it should have', async () => {
    const world = await open();
    await world.mine(3);
    await paySafe(world, 1, 'old');
    await world.mine(3);
    const { number } = world.chain.head;
    expect(await add(world, { startBlock: number + 1n })).toMatchObject({
      reason: 'start_block_in_future',
      parameter: 'startBlock',
    });
    expect(await add(world, { startBlock: number })).toMatchObject({
      reason: 'wallet_not_empty',
      parameter: 'address',
    });
    expect(await add(world, { startBlock: 1n, isSmartAccount: true })).toMatchObject({ reason: 'wallet_has_no_code' });
    world.chain.deploy(safe);
    expect(await add(world, { startBlock: 1n, isSmartAccount: true })).toMatchObject({ kind: 'ok' });
  });
});
