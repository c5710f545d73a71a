import { fakeChainReader } from '@tollbook/testing';
import { ChainUnavailable, type ExplainedProof, keepProofs, type ProofScope, proveBooks } from '@tollbook/usecases';
import { describe, expect, it } from 'vitest';
import { addressOf } from '../test/address-of.js';
import { transferAction, txOf } from '../test/chain-txs.js';
import { only, type PaymentWorld } from '../test/payment-world.js';
import { useWorlds } from '../test/use-worlds.js';
import { addWallet, tillAddress } from '../test/world-shop.js';

const { open } = useWorlds();
const ann = addressOf('ann');

function prove(world: PaymentWorld, scope: Partial<ProofScope> = {}) {
  const { books, chain: store } = world.db;
  const deps = { books, store, readerOf: () => fakeChainReader(world.chain) };
  const { network } = world.chain;
  return proveBooks(deps, { bookId: null, network, blockNumber: null, isExplained: true, ...scope });
}

async function proved(world: PaymentWorld, scope: Partial<ProofScope> = {}): Promise<readonly ExplainedProof[]> {
  const result = await prove(world, scope);
  if (result.kind === 'refused') throw new Error(result.reason);
  return result.rows;
}

const amounts = ({ openingAtomic, inAtomic, outAtomic, closingAtomic, onChainAtomic }: ExplainedProof) =>
  [openingAtomic, inAtomic, outAtomic, closingAtomic, onChainAtomic].map(Number);

/** Rows behind a difference, each as `kind effect`, and what they leave. */
function explained(row: ExplainedProof): string[] {
  const { rows = [], unexplainedAtomic = null } = row.explanation ?? {};
  return [...rows.map(({ kind, effectAtomic }) => `${kind} ${effectAtomic}`), `left ${unexplainedAtomic}`];
}

/** Three movements in three final blocks: 700 in, 100 out, 40 in. */
async function movedWorld(): Promise<{ world: PaymentWorld; blocks: readonly bigint[] }> {
  const world = await open();
  const blocks: bigint[] = [];
  const moves = [
    transferAction(ann, tillAddress, 700n),
    transferAction(tillAddress, ann, 100n),
    transferAction(ann, tillAddress, 40n),
  ];
  for (const [index, move] of moves.entries()) {
    world.chain.submit(txOf(`move ${index}`, move));
    await world.mine();
    blocks.push(world.chain.head.number);
  }
  await world.finalize();
  return { world, blocks };
}

describe('the proof of the books', () => {
  it('tells opening, in, out and closing of a range of blocks beside the balance at its end', async () => {
    const { world, blocks } = await movedWorld();
    const [first = 0n, second = 0n, third = 0n] = blocks;
    expect(amounts(only(await proved(world)))).toEqual([0, 740, 100, 640, 640]);
    expect(amounts(only(await proved(world, { blockNumber: second })))).toEqual([0, 700, 100, 600, 600]);
    expect(amounts(only(await proved(world, { blockNumber: third, fromNumber: second })))).toEqual([
      700, 40, 100, 640, 640,
    ]);
    expect(amounts(only(await proved(world, { blockNumber: first, fromNumber: first })))).toEqual([
      0, 700, 0, 700, 700,
    ]);
    const row = only(await proved(world, { blockNumber: second }));
    expect(row).toMatchObject({ blockHash: world.chain.at(second)?.header.hash, explanation: null });
  });

  it('is of one wallet, or of one token, where that is asked', async () => {
    const { world } = await movedWorld();
    const safe = `0x${'5a'.repeat(20)}`;
    await addWallet(world.db.setup, world.book.bookId, safe);
    expect(await proved(world)).toHaveLength(2);
    expect(only(await proved(world, { wallet: safe })).wallet).toBe(safe);
    expect(only(await proved(world, { wallet: tillAddress, contract: world.chain.contract })).inAtomic).toBe(740n);
    expect(await prove(world, { wallet: ann })).toMatchObject({ kind: 'refused', reason: 'wallet_unknown' });
    expect(await prove(world, { contract: ann })).toMatchObject({ kind: 'refused', reason: 'asset_unknown' });
  });

  it('is refused for blocks that prove nothing, and says why', async () => {
    const { world } = await movedWorld();
    const cursor = await world.db.chain.cursor(world.chain.network);
    const [head = 0n, confirmed = 0n] = [cursor?.head.number, cursor?.confirmed.number];
    const told = { kind: 'refused', reason: 'block_not_confirmed', confirmedNumber: confirmed };
    expect(await prove(world, { blockNumber: head + 1n })).toEqual({ ...told, isMined: false });
    expect(await prove(world, { blockNumber: confirmed + 1n })).toEqual({ ...told, isMined: true });
    const upsideDown = { blockNumber: 2n, fromNumber: 3n };
    expect(await prove(world, upsideDown)).toEqual({ kind: 'refused', reason: 'from_above_block' });
    expect(await prove(world, { network: 'eip155:1', blockNumber: 1n })).toEqual({
      kind: 'refused',
      reason: 'network_unknown',
    });
    await world.db.rows('update wallet_assets set watch_from_block = 3');
    const early = { kind: 'refused', reason: 'block_before_wallet', firstNumber: 2n };
    expect(await prove(world, { blockNumber: 1n })).toEqual(early);
    expect(await prove(world, { blockNumber: 1n, wallet: tillAddress })).toEqual(early);
    expect(await proved(world, { blockNumber: 2n })).toHaveLength(1);
  });

  it('is not taken from a node that stands on another fork', async () => {
    const { world } = await movedWorld();
    world.chain.reorg(20);
    world.chain.mine(25);
    await expect(prove(world)).rejects.toThrow(ChainUnavailable);
    world.isSound = false;
  });

  it('names the transfer that was never recorded, the one that only the books have, and the amount that differs', async () => {
    const { world } = await movedWorld();
    world.isSound = false;
    const table = 'transfers, allocations, ledger_entries, ledger_postings';
    const names = table.split(', ');
    const keep = names.map((name) => `create temporary table kept_${name} as table ${name}`).join('; ');
    await world.db.rows(keep);
    const restored = async (statement: string) => {
      await world.db.rows(statement);
      const row = only(await proved(world));
      await world.db.rows(
        names.map((name) => `delete from ${name}; insert into ${name} select * from kept_${name}`).join('; '),
      );
      return row;
    };
    const gone = `with t as (delete from transfers where amount_atomic = 700 returning transfer_id),
        a as (delete from allocations using t where allocations.transfer_id = t.transfer_id returning allocation_id),
        e as (delete from ledger_entries using a where cause_id = a.allocation_id returning entry_seq)
      delete from ledger_postings using e where ledger_postings.entry_seq = e.entry_seq`;
    const missing = await restored(gone);
    expect(explained(missing)).toEqual(['not_recorded 700', 'left 0']);
    expect(missing.explanation?.rows[0]).toMatchObject({ txHash: txOf('move 0').txHash, transferId: null });
    const ghost =
      await restored(`update transfers set tx_hash = decode(repeat('ee', 32), 'hex') where amount_atomic = 40;
      update ledger_postings set amount_atomic = 45 where amount_atomic = 40`);
    expect(explained(ghost).sort()).toEqual(['left 0', 'not_on_chain -45', 'not_recorded 40']);
    const otherwise = await restored('update ledger_postings set amount_atomic = 701 where amount_atomic = 700');
    expect(explained(otherwise)).toEqual(['booked_otherwise -1', 'left 0']);
    expect(otherwise.explanation?.rows[0]).toMatchObject({ entrySeq: 1n, txHash: txOf('move 0').txHash });
    const loose = await restored(`delete from allocations where amount_atomic = 100;
      update ledger_postings set amount_atomic = 90 where amount_atomic = 100`);
    expect(explained(loose).sort()).toEqual(['booked_otherwise -100', 'left 0', 'not_on_chain 90']);
    expect(explained(only(await proved(world)))).toEqual(['left null']);
  });

  it('reads only the blocks again between which kept proofs say that it changed', async () => {
    const { world, blocks } = await movedWorld();
    world.isSound = false;
    const [first = 0n, second = 0n] = blocks;
    const isWithout = ({ explanation, fromNumber, ...row }: ExplainedProof) => row;
    for (const blockNumber of [first, second]) {
      await world.db.books.saveProofs((await proved(world, { blockNumber })).map(isWithout));
    }
    await world.db.rows('update ledger_postings set amount_atomic = 101 where amount_atomic = 100');
    const row = only(await proved(world));
    expect(explained(row)).toEqual(['booked_otherwise 1', 'left 0']);
    const key = { bookId: row.bookId, walletId: row.walletId, assetId: row.assetId };
    expect(await world.db.books.differingSpans(key, row.blockNumber, row.differenceAtomic)).toEqual([
      { fromNumber: first + 1n, toNumber: second },
    ]);
  });

  it('leaves to be explained what a node that is away cannot tell', async () => {
    const { world } = await movedWorld();
    world.isSound = false;
    await world.db.rows('update ledger_postings set amount_atomic = 701 where amount_atomic = 700');
    const { books, chain: store } = world.db;
    const faults = {
      beforeCall: (method: string) => {
        if (method === 'transfers') throw new ChainUnavailable(world.chain.network, 'away');
      },
    };
    const readerOf = () => fakeChainReader(world.chain, faults);
    const scope = { bookId: null, network: world.chain.network, blockNumber: null, isExplained: true };
    const result = await proveBooks({ books, store, readerOf }, scope);
    if (result.kind === 'refused') throw new Error(result.reason);
    expect(explained(only(result.rows))).toEqual(['left -1']);
  });

  it('tells a book once that it differs, by how much and why, and once that it agrees again', async () => {
    const { world } = await movedWorld();
    const keep = async () =>
      keepProofs({ ...world.worker, books: world.db.books }, await proved(world), world.parts.clock.nowMs());
    const events = () =>
      world.db.rows<{ type: string; difference: string; rows: string }>(
        `select e.type, b.body::jsonb -> 'data' ->> 'difference' as difference,
           (b.body::jsonb -> 'data' -> 'explanation' -> 'rows' -> 0 ->> 'kind') as rows
         from events e join event_bodies b using (book_id, event_id) where e.type like 'books.%' order by e.event_id`,
      );
    expect(await keep()).toBe(0);
    await world.db.rows('update ledger_postings set amount_atomic = 701 where amount_atomic = 700');
    expect(await keep()).toBe(1);
    expect(await keep()).toBe(0);
    await world.db.rows('update ledger_postings set amount_atomic = 703 where amount_atomic = 701');
    expect(await keep()).toBe(1);
    await world.db.rows('update ledger_postings set amount_atomic = 700 where amount_atomic = 703');
    expect([await keep(), await keep()]).toEqual([1, 0]);
    expect(await events()).toEqual([
      { type: 'books.differ', difference: '-1', rows: 'booked_otherwise' },
      { type: 'books.differ', difference: '-3', rows: 'booked_otherwise' },
      { type: 'books.agree', difference: '0', rows: null },
    ]);
    expect(await world.db.rows('select from outbox where event_id in (select event_id from events)')).not.toEqual([]);
  });
});
