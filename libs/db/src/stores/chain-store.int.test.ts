import { asciiBytes, authorizationReplayKey, type Transfer, transactionReplayKey } from '@tollbook/domain';
import { type ChainTx, type CursorRecord, type Lease, LeaseLost, type TransferRecord } from '@tollbook/usecases';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  buildClaim,
  buildTransfer,
  byPosition,
  createPaymentWorld,
  gasSigner,
  hex,
  network,
  newUuid,
  only,
  type PaymentWorld,
  usdc,
  walletOf,
} from '../../test/payment-world.js';
import { sha256 } from '../sha256.js';

let world: PaymentWorld;
let lease: Lease;
const wallets = [walletOf(1), walletOf(2)];

beforeAll(async () => {
  world = await createPaymentWorld();
  lease = await took('chain/eip155:84532/0', 'holder');
});

afterAll(async () => {
  await world?.end();
});

async function took(name: string, holder: string, durationMs = 60_000): Promise<Lease> {
  const taken = await world.chain.takeLease(name, holder, durationMs);
  if (!taken) throw new Error('the lease is not free');
  return taken;
}

function under<T>(work: (tx: ChainTx) => Promise<T>): Promise<T> {
  return world.chain.underLease(lease, work);
}

function insert(...transfers: Transfer[]): Promise<readonly TransferRecord[]> {
  return under((tx) => tx.insertTransfers(transfers, wallets));
}

describe('leases', () => {
  it('give one holder a fence that rises with each new holder only', async () => {
    const first = await took('a', 'one');
    expect(first).toEqual({ name: 'a', holder: 'one', fence: 1n });
    expect(await world.chain.takeLease('a', 'two', 60_000)).toBeNull();
    expect((await took('a', 'one', -1)).fence).toBe(1n);
    expect((await took('a', 'two')).fence).toBe(2n);
    await world.chain.releaseLease(first);
    expect(await world.chain.takeLease('a', 'one', 60_000)).toBeNull();
    await world.chain.releaseLease({ name: 'a', holder: 'two', fence: 2n });
    expect((await took('a', 'one')).fence).toBe(3n);
  });

  it('are taken by one of many who come at once', async () => {
    const taken = await Promise.all(
      Array.from({ length: 8 }, (_, at) => world.chain.takeLease('b', `holder-${at}`, 60_000)),
    );
    expect(taken.filter((each) => each !== null)).toHaveLength(1);
  });

  it('refuse the transaction of a holder that was paused, and nothing of it is written', async () => {
    const stale = await took('c', 'one', -1);
    await took('c', 'two');
    const transfer = buildTransfer();
    const work = world.chain.underLease(stale, (tx) => tx.insertTransfers([transfer], wallets));
    await expect(work).rejects.toBeInstanceOf(LeaseLost);
    expect(await world.rows('select from transfers where tx_hash = $1', [bytesOf(transfer.txHash)])).toEqual([]);
  });

  it('cannot be taken over while a transaction of their holder runs', async () => {
    const ours = await took('d', 'one');
    let taking: Promise<Lease | null> | undefined;
    const order: string[] = [];
    await world.chain.underLease(ours, async () => {
      // What a clock that jumps would do: the lease ends under its holder.
      const expiring = world.rows(`update leases set expires_at = now() - interval '1 second' where name = 'd'`);
      taking = expiring.then(() => world.chain.takeLease('d', 'two', 60_000));
      void taking.then(() => order.push('taken'));
      await expect
        .poll(() => world.rows(`select from pg_locks where not granted`).then((rows) => rows.length))
        .toBeGreaterThan(0);
      order.push('worked');
    });
    expect(await taking).toMatchObject({ holder: 'two', fence: 2n });
    expect(order).toEqual(['worked', 'taken']);
  });
});

describe('insertTransfers', () => {
  it('writes a transfer once, tells it once, and tells it again when the chain returns to its block', async () => {
    const transfer = buildTransfer({ blockNumber: 50n });
    const written = only(await insert(transfer));
    expect(written).toMatchObject({
      bookId: 1,
      network,
      blockNumber: 50n,
      blockHash: transfer.blockHash,
      blockTimeUnixSeconds: transfer.blockTimeUnixSeconds,
      txHash: transfer.txHash,
      from: transfer.from,
      to: transfer.to,
      assetId: 1,
      fromWalletId: null,
      toWalletId: walletOf(1).walletId,
      amountAtomic: 10_000n,
      replayKeyHash: sha256(asciiBytes(transactionReplayKey(transfer.txHash, 0))),
    });
    expect(await insert(transfer, transfer)).toEqual([]);
    expect(await under((tx) => tx.orphanTransfersAbove(network, 49n))).toEqual([written]);
    expect(await under((tx) => tx.orphanTransfersAbove(network, 49n))).toEqual([]);
    expect(await under((tx) => tx.transfersBetween(network, 50n, 50n, null, 10))).toEqual([]);
    expect(await insert(transfer)).toEqual([written]);
    const elsewhere = only(await insert({ ...transfer, blockHash: hex(32), blockNumber: 51n }));
    expect(elsewhere.transferId).not.toBe(written.transferId);
  });

  it('writes one row for each book that a transfer touches, and one with both wallets inside a book', async () => {
    const second = { ...walletOf(1), walletId: newUuid(), address: hex(20) };
    await world.rows(
      `insert into wallets (book_id, wallet_id, mode, network_id, address) values (1, $1, 'test', 1, $2)`,
      [second.walletId, bytesOf(second.address)],
    );
    const between = buildTransfer({ from: walletOf(1).address, to: walletOf(2).address });
    const rows = await insert(between);
    expect(rows.map((row) => [row.bookId, row.fromWalletId, row.toWalletId])).toEqual([
      [1, walletOf(1).walletId, null],
      [2, null, walletOf(2).walletId],
    ]);
    const within = buildTransfer({ from: walletOf(1).address, to: second.address });
    const own = await under((tx) => tx.insertTransfers([within], [...wallets, second]));
    expect(only(own)).toMatchObject({ bookId: 1, fromWalletId: walletOf(1).walletId, toWalletId: second.walletId });
  });

  it('counts what came to a book in one transaction, and names an authorization by its own key', async () => {
    const shared = { blockHash: hex(32), txHash: hex(32) };
    const nonce = hex(32);
    const rows = await insert(
      buildTransfer({ ...shared, position: 4, to: walletOf(2).address }),
      buildTransfer({ ...shared, position: 3 }),
      buildTransfer({ ...shared, position: 2, authorizationNonce: nonce }),
      buildTransfer({ ...shared, position: 1 }),
    );
    const [first, signed, third, foreign] = byPosition(rows);
    const key = (text: string) => sha256(asciiBytes(text));
    expect(first?.replayKeyHash).toEqual(key(transactionReplayKey(shared.txHash, 0)));
    expect(signed?.replayKeyHash).toEqual(key(authorizationReplayKey(usdc, signed?.from ?? '', nonce)));
    expect(third?.replayKeyHash).toEqual(key(transactionReplayKey(shared.txHash, 2)));
    expect(foreign?.replayKeyHash).toEqual(key(transactionReplayKey(shared.txHash, 0)));
  });

  it('lists transfers by block, over all books, in pages', async () => {
    const blockNumber = 7_000n;
    const blockHash = hex(32);
    await insert(
      ...[2, 1, 2].map((bookId, position) =>
        buildTransfer({ blockNumber, blockHash, position, to: walletOf(bookId).address }),
      ),
      buildTransfer({ blockNumber: blockNumber + 1n, to: walletOf(1).address }),
    );
    const all = await under((tx) => tx.transfersBetween(network, blockNumber, blockNumber + 1n, null, 10));
    expect(all.map((row) => [row.blockNumber - blockNumber, row.bookId, row.position])).toEqual([
      [0n, 1, 1],
      [0n, 2, 0],
      [0n, 2, 2],
      [1n, 1, 0],
    ]);
    const page = await under((tx) => tx.transfersBetween(network, blockNumber, blockNumber + 1n, all[0] ?? null, 2));
    expect(page).toEqual(all.slice(1, 3));
    const last = await under((tx) => tx.transfersBetween(network, 0n, 9_999n, all[2] ?? null, Number.MAX_SAFE_INTEGER));
    expect(last).toEqual(all.slice(3));
  });
});

describe('attemptsOfTransfers', () => {
  it('names an attempt by its key, whoever broadcast it, and no longer once the key was released', async () => {
    const nonce = hex(32);
    const from = hex(20);
    const replayKeyHash = sha256(asciiBytes(authorizationReplayKey(usdc, from, nonce)));
    const claim = buildClaim({ attempt: { payer: from, nonce, replayKeyHash } });
    const result = await world.payments.claim(claim);
    const rows = await insert(buildTransfer({ from, authorizationNonce: nonce }));
    const { transferId } = only(rows);
    const { attemptId } = claim.attempt;
    expect(await under((tx) => tx.attemptsOfTransfers(rows))).toMatchObject([
      { transferId, matchedBy: 'nonce', attempt: { attemptId } },
    ]);
    await world.payments.inBook(1, async (tx) => {
      if (result.kind !== 'claimed') throw new Error('the claim is the first');
      const next = { ...result.attempt, status: 'failed' as const, reason: 'interrupted' as const };
      await tx.saveAttempts([{ previous: result.attempt, next: { ...next, releasedAtMs: tx.nowMs } }]);
      await tx.releaseReplayKeys([next]);
    });
    expect(await under((tx) => tx.attemptsOfTransfers(rows))).toEqual([]);
  });

  it('goes by the transaction only for one of our own, and only where sender and amount are the same', async () => {
    const gas = await world.payments.inBook(1, (tx) => tx.drawGasNonce({ network, address: gasSigner }));
    const claim = buildClaim();
    const result = await world.payments.claim(claim);
    if (result.kind !== 'claimed') throw new Error('the claim is the first');
    const txHash = hex(32);
    const { payer, attemptId } = claim.attempt;
    const shared = { txHash, blockHash: hex(32) };
    const rows = await insert(
      buildTransfer({ ...shared, position: 0, from: payer, amountAtomic: 9_999n }),
      buildTransfer({ ...shared, position: 1 }),
      buildTransfer({ ...shared, position: 2, from: payer }),
      buildTransfer({ ...shared, position: 3, from: payer }),
    );
    const save = (changes: object) =>
      world.payments.inBook(1, async (tx) => {
        const previous = await world.payments.attempt(1, attemptId);
        if (!previous) throw new Error('the attempt is gone');
        const next = { ...previous, status: 'submitting' as const, sentAtMs: previous.sentAtMs ?? tx.nowMs, txHash };
        return tx.saveAttempts([{ previous, next: { ...next, ...changes } }]);
      });
    expect(await save({})).toBe(1);
    expect(await under((tx) => tx.attemptsOfTransfers(rows))).toEqual([]);
    expect(await save({ gasSignerId: gas.gasSignerId, gasNonce: gas.nonce, signedTx: Uint8Array.of(1, 2, 3) })).toBe(1);
    const matches = await under((tx) => tx.attemptsOfTransfers(rows));
    expect(matches).toMatchObject([
      { transferId: byPosition(rows)[2]?.transferId, matchedBy: 'tx_hash', attempt: { attemptId } },
    ]);
  });
});

describe('cursor and headers', () => {
  const header = (number: bigint, parentHash = hex(32)) => ({
    number,
    hash: hex(32),
    parentHash,
    timeUnixSeconds: 1_795_000_000 + Number(number),
  });

  it('moves under the youngest lease only, and freezes until a person looks', async () => {
    const name = 'eip155:8453';
    expect(await world.chain.cursor(name)).toBeNull();
    const [one, two] = [header(1n), header(2n)];
    const cursor: CursorRecord = {
      network: name,
      head: two,
      confirmed: one,
      final: { number: -1n, hash: '0x' },
      frozenReason: null,
    };
    const points = { ...cursor, head: pointOf(two), confirmed: pointOf(one) };
    const first = await took('chain/eip155:8453/0', 'one', 1_000);
    await world.chain.underLease(first, async (tx) => {
      await tx.createCursor(cursor);
      await tx.saveHeaders(name, [one, two], 0n);
    });
    expect(await world.chain.cursor(name)).toEqual(points);
    expect(await world.chain.chainTimes()).toEqual([{ network: name, timeUnixSeconds: two.timeUnixSeconds }]);
    await world.rows(`update leases set expires_at = now() - interval '1 second' where name = $1`, [first.name]);
    const second = await took(first.name, 'two');
    await world.chain.underLease(second, (tx) => tx.saveCursor({ ...cursor, frozenReason: 'final_block_changed' }));
    expect(await world.chain.cursor(name)).toEqual({ ...points, frozenReason: 'final_block_changed' });
    // The lease of another network runs, but under a fence that this cursor has left behind.
    await expect(under((tx) => tx.saveCursor(cursor))).rejects.toBeInstanceOf(LeaseLost);
    expect(await world.chain.cursor(name)).toMatchObject({ frozenReason: 'final_block_changed' });
  });

  it('keeps a window of headers and forgets those of a fork', async () => {
    const headers = [10n, 11n, 12n, 13n].map((number) => header(number));
    await under((tx) => tx.saveHeaders(network, headers, 0n));
    await under((tx) => tx.saveHeaders(network, headers.slice(3), 11n));
    expect(await world.chain.headersFrom(network, 0n)).toEqual(headers.slice(1).reverse());
    await under((tx) => tx.deleteHeadersAbove(network, 11n));
    expect(await world.chain.headersFrom(network, 0n)).toEqual(headers.slice(1, 2));
  });

  it('reads what there is to watch', async () => {
    expect(await world.chain.watchedWallets(network)).toEqual(wallets);
    expect(await world.chain.watchedWallets('eip155:137')).toEqual([]);
    expect((await world.chain.networks()).map((each) => each.network)).toContain(network);
    const books = await under((tx) => tx.books([2, 1, 99]));
    expect(books.map((book) => [book.bookId, book.gateSlug, book.configVersion])).toEqual([
      [1, 'gate-1', 1n],
      [2, 'gate-2', 1n],
    ]);
  });
});

describe('reconciling', () => {
  it('tells the parts of an intent with the finality that the cursor gives them', async () => {
    const claim = buildClaim();
    await world.payments.claim(claim);
    const { bookId, intentId } = claim.attempt;
    const transfer = only(await insert(buildTransfer({ blockNumber: 20n })));
    const allocation = {
      bookId,
      allocationId: newUuid(),
      transferId: transfer.transferId,
      txHash: transfer.txHash,
      leg: 0,
      intentId,
      bucket: 'payment' as const,
      amountAtomic: 10_000n,
      forgivenAtomic: 0n,
      refundId: null,
      matchedBy: 'nonce' as const,
      actorId: null,
      isFinal: false,
    };
    const over = { bookId, kind: 'over' as const, subjectId: transfer.transferId, intentId, transferId: null };
    await under(async (tx) => {
      await tx.insertAllocations([allocation]);
      const drafts = [{ ...over, amountAtomic: 1n }];
      expect(await tx.openDiscrepancies([...drafts, ...drafts])).toEqual(drafts);
      expect(await tx.openDiscrepancies(drafts)).toEqual([]);
    });
    const key = { bookId, intentId };
    const read = () => under(async (tx) => only(await tx.lockIntents([key])));
    expect(await read()).toMatchObject({ allocations: [allocation], openDiscrepancies: ['over'] });
    await under((tx) =>
      tx.createCursor({
        network,
        head: { number: 30n, hash: hex(32) },
        confirmed: { number: 28n, hash: hex(32) },
        final: { number: 20n, hash: hex(32) },
        frozenReason: null,
      }),
    );
    expect((await read()).allocations).toEqual([{ ...allocation, isFinal: true }]);
    expect(await under((tx) => tx.allocationsOf([transfer]))).toEqual([{ ...allocation, isFinal: true }]);
    await under(async (tx) => {
      await tx.reverseAllocations([allocation]);
      await tx.closeDiscrepancies([over], 'orphaned');
    });
    expect(await read()).toMatchObject({ allocations: [], openDiscrepancies: [] });
    await expect(
      under((tx) => tx.insertAllocations([allocation, { ...allocation, allocationId: newUuid() }])),
    ).rejects.toThrow();
  });

  it('draws invoice numbers without gaps while several draw, and gives them back with their dbTx', async () => {
    const draw = (count: number) => under((tx) => tx.drawInvoiceNumbers([{ bookId: 1, year: 2026, count }]));
    const drawn = (await Promise.all([3, 1, 2, 4].map(draw))).map((list, at) => ({
      ...only(list),
      count: [3, 1, 2, 4][at] ?? 0,
    }));
    const numbers = drawn.flatMap(({ firstNo, count }) => Array.from({ length: count }, (_, at) => firstNo + at));
    expect(numbers.sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const undone = under(async (tx) => {
      await tx.drawInvoiceNumbers([{ bookId: 1, year: 2026, count: 5 }]);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(only(await draw(1))).toEqual({ bookId: 1, year: 2026, firstNo: 11 });
  });
});

function pointOf({ number, hash }: { readonly number: bigint; readonly hash: string }) {
  return { number, hash };
}

function bytesOf(text: string): Buffer {
  return Buffer.from(text.slice(2), 'hex');
}
