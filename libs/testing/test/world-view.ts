import { type EntryForHash, intentIdOfInvoice, invoiceIdBytes } from '@tollbook/domain';
import { testCrypto } from '@tollbook/testing';
import type { PaymentDetail, Purchase } from '@tollbook/usecases';
import { only, type PaymentWorld } from './payment-world.js';

const { sha256 } = testCrypto('view');

/** Every payment that was tried, oldest first. */
export async function payments(world: PaymentWorld): Promise<readonly PaymentDetail[]> {
  const { bookId } = world.book;
  const nothing = { status: [], network: null, endpointId: null, payer: null };
  const listed = await world.db.queries.listPayments(bookId, nothing, null, 500);
  const details = await Promise.all(listed.map(({ intentId }) => world.db.queries.payment(bookId, intentId)));
  return details.flatMap((detail) => (detail ? [detail] : [])).reverse();
}

/** The payment that a purchase named by its invoice id, or the only one. */
export async function paymentOf(world: PaymentWorld, purchase?: Purchase): Promise<PaymentDetail> {
  const bytes = invoiceIdBytes(purchase?.presented.invoiceId ?? '');
  if (bytes === null) return only(await payments(world));
  const detail = await world.db.queries.payment(world.book.bookId, intentIdOfInvoice(bytes, sha256));
  if (!detail) throw new Error('the payment was never claimed');
  return detail;
}

/** The kinds of events of a payment, in their sequence and without their common prefix. */
export function story(detail: PaymentDetail): readonly string[] {
  return detail.events.map(({ type }) => type.replace('payment_intent.', ''));
}

/** The states of a payment's attempts, oldest first, with why they failed. */
export function attempts(detail: PaymentDetail): readonly string[] {
  return detail.attempts.map(({ status, reason }) => (status === 'failed' ? `failed ${reason}` : status));
}

/** Kinds of discrepancies, open ones first told by their name alone, closed ones with how they ended. */
export async function discrepancies(world: PaymentWorld): Promise<readonly string[]> {
  const found = await world.db.queries.listDiscrepancies(world.book.bookId, { isOpen: null, kind: null }, null, 500);
  return found.map(({ kind, resolution }) => (resolution === null ? kind : `${kind}: ${resolution}`)).sort();
}

/** The ledger from its first entry, each as `kind debit credit amount`; codes without their addresses and ids. */
export async function ledger(world: PaymentWorld): Promise<readonly string[]> {
  const entries = await world.db.books.entriesAfter(world.book.bookId, 0n, 10_000);
  return entries.flatMap(({ entry }) => linesOf(entry));
}

function linesOf({ kind, postings }: EntryForHash): string[] {
  return postings.map(({ debitCode, creditCode, amountAtomic }) =>
    [kind, shortCode(debitCode), shortCode(creditCode), amountAtomic].join(' '),
  );
}

function shortCode(code: string): string {
  if (code.startsWith('assets:wallet:')) return 'wallet';
  return code.replace(/^(pending|income):.*/, '$1').replace('liabilities:', '');
}

/**
 * What the books say in the end, without ids, times and reversals: two worlds that saw the same chain, on whatever
 * way, show the same picture.
 */
export async function picture(world: PaymentWorld) {
  const { rows } = world.db;
  const transfers = await rows(
    `select t.block_number, encode(t.block_hash, 'hex') as block, encode(t.tx_hash, 'hex') as tx, t.position,
       t.amount_atomic, string_agg(al.bucket || ' ' || al.amount_atomic || ' ' || al.matched_by, ', ' order by al.leg) as legs
     from transfers t left join allocations al
       on al.book_id = t.book_id and al.transfer_id = t.transfer_id and al.reversed_at is null
     where t.orphaned_at is null group by t.book_id, t.transfer_id order by t.block_number, t.position`,
  );
  const paid = (await payments(world)).map(({ intent, attempts: tried }) => ({
    payer: intent.payer,
    status: intent.status,
    isNumbered: intent.invoiceNo !== null,
    attempts: tried.map(({ status, reason, txHash, payer }) => ({ status, reason, txHash, payer })),
  }));
  const balances = await rows(
    `select a.code, sum(case when p.debit_account_id = a.account_id then p.amount_atomic else -p.amount_atomic end) as atomic
     from ledger_accounts a join ledger_postings p
       on p.book_id = a.book_id and a.account_id in (p.debit_account_id, p.credit_account_id)
     group by a.code having sum(case when p.debit_account_id = a.account_id then p.amount_atomic else -p.amount_atomic end) <> 0
     order by a.code`,
  );
  return {
    transfers,
    payments: paid.sort((a, b) => ((a.payer ?? '') < (b.payer ?? '') ? -1 : 1)),
    balances: balances.map(({ code, atomic }) => `${shortCode(String(code))} ${atomic}`),
  };
}
