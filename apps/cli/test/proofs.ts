import { createBooksStore, createChainStore, createPool, loadCatalog } from '@tollbook/db';
import { invoiceIdBytes } from '@tollbook/domain';
import { createEvmChainReader, createEvmRpc } from '@tollbook/evm';
import { proveBooks, verifyLedger } from '@tollbook/usecases';
import { cryptoPort } from '@tollbook/vault';
import { expect } from 'vitest';
import { eventually, type World } from './world.js';

/** The bytes that an invoice id is stored as. */
export function invoiceBytes(invoiceId: string): Buffer {
  const bytes = invoiceIdBytes(invoiceId);
  if (!bytes) throw new Error(`not an invoice id: ${invoiceId}`);
  return Buffer.from(bytes);
}

/** Proves the books of a world at its newest final block, walks every hash chain and looks for contradictions. */
export async function expectBooksEqualChain(world: World): Promise<void> {
  const pool = createPool(world.databaseUrl, { role: 'tollbook_worker', max: 2, applicationName: 'proof' });
  try {
    const catalog = await loadCatalog(pool);
    const books = createBooksStore({ pool, catalog });
    const store = createChainStore({ pool, catalog });
    const network = 'eip155:84532';
    const rpc = createEvmRpc({ network, url: world.sandbox.info.evm.rpcUrl, timeoutMs: 5_000 });
    const reader = createEvmChainReader({ network, rpc });
    const rows = await eventually('the books can be proved', async () => {
      const proof = await proveBooks(
        { books, store, readerOf: () => reader },
        { bookId: null, network, blockNumber: null },
      );
      return proof.kind === 'proved' ? proof.rows : undefined;
    });
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect([row.wallet, row.differenceAtomic]).toEqual([row.wallet, 0n]);
    for (const bookId of await books.bookIds()) {
      expect(await verifyLedger(books, cryptoPort, bookId)).toMatchObject({ kind: 'intact' });
    }
    expect(await books.contradictions(10)).toEqual([]);
  } finally {
    await pool.end();
  }
}

/** Whether the payment of an invoice is final; asserts that it was then booked exactly once. */
export async function isFinalOnce(world: World, invoiceId: string): Promise<boolean> {
  const [row] = await world.rows<{ status: string; entries: string; transfers: string }>(
    `select i.status, (select count(*) from ledger_entries e where e.book_id = i.book_id and e.intent_id = i.intent_id) entries,
       (select count(*) from allocations a where a.book_id = i.book_id and a.intent_id = i.intent_id) transfers
     from payment_intents i where i.invoice_id = $1`,
    [invoiceBytes(invoiceId)],
  );
  if (row?.status !== 'final') return false;
  expect([row.entries, row.transfers]).toEqual(['2', '1']);
  return true;
}

export async function transfersOf(world: World, invoiceId: string): Promise<number> {
  const rows = await world.rows(
    `select t.transfer_id from payment_intents i join attempts a using (book_id, intent_id)
     join transfers t on t.book_id = a.book_id and t.replay_key = a.replay_key where i.invoice_id = $1`,
    [invoiceBytes(invoiceId)],
  );
  return rows.length;
}

export async function attemptOf(world: World, invoiceId: string) {
  const [row] = await world.rows<{ status: string; released_at: Date | null }>(
    `select a.status, a.released_at from payment_intents i join attempts a using (book_id, intent_id) where i.invoice_id = $1`,
    [invoiceBytes(invoiceId)],
  );
  return row;
}
