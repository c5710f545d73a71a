import { fakeChainReader, type NodeFaults } from '@tollbook/testing';
import {
  ChainUnavailable,
  chainLeaseName,
  type ReindexFinding,
  reindexRange,
  type WorkerDeps,
} from '@tollbook/usecases';
import { describe, expect, it } from 'vitest';
import { addressOf } from '../test/address-of.js';
import { transferAction, txOf } from '../test/chain-txs.js';
import type { PaymentWorld } from '../test/payment-world.js';
import { useWorlds } from '../test/use-worlds.js';
import { tillAddress } from '../test/world-shop.js';
import { discrepancies, ledger, paymentOf, story } from '../test/world-view.js';

const { open } = useWorlds();
const ann = addressOf('ann');

type Range = {
  readonly from?: bigint;
  readonly to?: bigint | null;
  readonly isTrial?: boolean;
  readonly node?: NodeFaults;
};

async function reindex(world: PaymentWorld, range: Range = {}) {
  const deps: WorkerDeps = { ...world.worker, holder: 'reindex' };
  await world.db.rows(`update leases set expires_at = '-infinity'`);
  const lease = await deps.store.takeLease(chainLeaseName(world.chain.network), deps.holder, 60_000);
  if (!lease) throw new Error('somebody else has the lease');
  try {
    const { from: fromNumber = 0n, to: toNumber = null, isTrial = false, node = {} } = range;
    const reader = fakeChainReader(world.chain, node);
    return await reindexRange(deps, lease, reader, { fromNumber, toNumber, isTrial });
  } finally {
    await deps.store.releaseLease(lease);
  }
}

async function found(world: PaymentWorld, range: Range = {}): Promise<string[]> {
  const result = await reindex(world, range);
  if (result.kind === 'refused') throw new Error(result.reason);
  return result.findings.map((each: ReindexFinding) =>
    each.kind === 'changed' ? `changed ${each.columns.join()}` : each.kind,
  );
}

/** Every row but times of leases, as text. */
async function everything(world: PaymentWorld): Promise<unknown> {
  const names = ['transfers', 'allocations', 'ledger_entries', 'ledger_heads', 'payment_intents', 'attempts', 'events'];
  const read = (name: string) => world.db.rows(`select t::text as line from ${name} t order by line`);
  return Promise.all([...names, 'discrepancies', 'cursors', 'rollup_days'].map(read));
}

const gift = (name: string, amount = 700n) => txOf(name, transferAction(ann, tillAddress, amount));

describe('reading blocks again', () => {
  it('changes nothing where the books have what the chain has', async () => {
    const world = await open();
    await world.buy();
    await world.mine(3);
    world.chain.submit(gift('gift'));
    await world.mine();
    const dropped = world.chain.reorg(1);
    world.chain.submit(...dropped);
    await world.finalize();
    const before = await everything(world);
    expect(await reindex(world)).toMatchObject({ kind: 'reindexed', transfers: 2, findings: [] });
    expect(await everything(world)).toEqual(before);
  });

  it('books what was missed as the scan would have: a payment, its income, and money that nobody named', async () => {
    const world = await open();
    await world.mine();
    const purchase = await world.buy();
    world.chain.submit(gift('gift'));
    world.node.dropsLogs = true;
    await world.mine(3);
    await world.finalize();
    expect(await ledger(world)).toEqual([]);
    expect(await found(world, { isTrial: true })).toEqual(['missing', 'missing']);
    expect(await ledger(world)).toEqual([]);
    expect(await found(world)).toEqual(['missing', 'missing']);
    expect([...(await ledger(world))].sort()).toEqual([
      'payment_confirmed wallet pending 10000',
      'payment_final pending income 10000',
      'unmatched_confirmed wallet unmatched 700',
    ]);
    expect(story(await paymentOf(world, purchase))).toEqual(['processing', 'confirmed', 'final']);
    expect(await world.proofDifferences()).toEqual([0n]);
    expect(await found(world)).toEqual([]);
  });

  it('reads only the blocks that were asked for', async () => {
    const world = await open();
    await world.mine();
    world.node.dropsLogs = true;
    world.chain.submit(gift('one'));
    await world.mine();
    const first = world.chain.head.number;
    world.chain.submit(gift('two', 50n));
    await world.finalize();
    expect(await found(world, { from: first + 1n })).toEqual(['missing']);
    expect(await ledger(world)).toEqual(['unmatched_confirmed wallet unmatched 50']);
    expect(await found(world, { from: 0n, to: first })).toEqual(['missing']);
    expect(await ledger(world)).toHaveLength(2);
  });

  it('takes back what the chain does not have, as a reorg does, and brings it back when it is there', async () => {
    const world = await open();
    const purchase = await world.buy();
    world.chain.submit(gift('gift'));
    await world.mine(4);
    expect(story(await paymentOf(world, purchase))).toEqual(['processing', 'confirmed']);
    // As a node that lied when it was read first: its blocks are ours, and what it told was never in them.
    await world.db.rows(`update transfers set tx_hash = decode(md5(tx_hash::text) || md5(tx_hash::text), 'hex')`);
    await world.db.rows(`update attempts a set tx_hash = t.tx_hash from transfers t
      where t.replay_key = a.replay_key and a.tx_hash is not null`);
    const told = await found(world);
    expect([...told].sort()).toEqual(['missing', 'missing', 'orphaned', 'orphaned']);
    const lines = [...(await ledger(world))].sort();
    expect(lines.filter((line) => line.includes('_reversed')).sort()).toEqual([
      'payment_confirmed_reversed pending wallet 10000',
      'unmatched_confirmed_reversed unmatched wallet 700',
    ]);
    expect(await world.proofDifferences()).toEqual([0n]);
    expect(await discrepancies(world)).toContain('unmatched: orphaned');
    world.isSound = false;
  });

  it('leaves what is final, what was changed and what the node only forgot to tell to a person', async () => {
    const world = await open();
    world.isSound = false;
    await world.buy();
    world.chain.submit(gift('gift'));
    await world.finalize();
    expect(await found(world, { node: { dropsLogs: true } })).toEqual(['not_told', 'not_told']);
    await world.db.rows(
      `update transfers set amount_atomic = 701, from_address = to_address where amount_atomic = 700`,
    );
    await world.db.rows(`update transfers set tx_hash = decode(repeat('ee', 32), 'hex') where amount_atomic = 10000`);
    const before = await ledger(world);
    expect([...(await found(world, { isTrial: true }))].sort()).toEqual([
      'changed from_address,amount_atomic',
      'final_not_on_chain',
      'missing',
    ]);
    expect(await ledger(world)).toEqual(before);
  });

  it('is refused for blocks that were not read, before any wallet, and on a network that is frozen or was never read', async () => {
    const world = await open();
    expect(await reindex(world)).toMatchObject({ kind: 'refused', reason: 'nothing_scanned' });
    await world.mine(5);
    const head = world.chain.head.number;
    expect(await reindex(world, { to: head + 1n })).toEqual({ kind: 'refused', reason: 'above_head', bound: head });
    expect(await reindex(world, { from: head + 1n })).toMatchObject({ reason: 'from_above_to', bound: head });
    await world.db.rows('update wallet_assets set watch_from_block = 4');
    expect(await reindex(world, { to: 3n })).toMatchObject({ reason: 'before_wallets', bound: 4n });
    await world.db.rows(`update cursors set frozen_reason = 'test', frozen_at = now()`);
    expect(await reindex(world)).toMatchObject({ reason: 'frozen' });
    await world.db.rows('update cursors set frozen_reason = null, frozen_at = null');
  });

  it('believes no node that is behind, or stands on another fork than was read', async () => {
    const world = await open();
    await world.mine(5);
    await expect(reindex(world, { node: { blocksBehind: 2 } })).rejects.toThrow(ChainUnavailable);
    world.chain.reorg(2);
    world.chain.mine(3);
    await expect(reindex(world)).rejects.toThrow(ChainUnavailable);
    await world.index();
    expect(await found(world)).toEqual([]);
  });
});
