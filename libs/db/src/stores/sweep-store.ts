import type { AttemptRecord, Catalog, SweepStore } from '@tollbook/usecases';
import type { Pool } from 'pg';
import { type AttemptRow, fromDbAttempt } from '../mapping/attempt.mapping.js';
import { fromDbBytes, fromDbHex, required, toDbHex } from '../mapping/column.mapping.js';
import { fromDbTransfer } from '../mapping/transfer.mapping.js';
import { NetworkIds } from '../network-ids.js';
import { inTransaction, type Session, withSession } from '../session.js';
import { beginInAllBooks } from '../statements/begin-transaction.js';
import { selectDueAttempts } from '../statements/due-attempts.js';
import { foldRollupDeltas, pruneRollupHours } from '../statements/fold-rollup-deltas.js';
import { insertGasReplacement, selectGasReplacements } from '../statements/gas-replacements.js';
import { selectFailedWithNonces, selectGasSignerAddress } from '../statements/gas-signers.js';
import { selectPendingHandLinks } from '../statements/hand-links.js';
import { selectSweptRefunds } from '../statements/refunds.js';
import { relayOutbox } from '../statements/relay-outbox.js';
import { selectNotFetched } from '../statements/select-not-fetched.js';
import { selectNow } from '../statements/select-now.js';
import { selectOverdueIntents } from '../statements/select-overdue-intents.js';
import { selectStrandedTransfers } from '../statements/select-stranded-transfers.js';
import { markResent, postponeCheck } from '../statements/touch-attempts.js';

export type SweepStoreDeps = {
  /** Acts as tollbook_worker. */
  readonly pool: Pool;
  readonly catalog: Pick<Catalog, 'networks'>;
};

/** What is due, over all books; each call is one statement. Throws `StoreUnavailable` when the database is away. */
export function createSweepStore({ pool, catalog }: SweepStoreDeps): SweepStore {
  const networks = new NetworkIds(catalog.networks);
  const recordsOf = async (read: (session: Session) => Promise<AttemptRow[]>): Promise<AttemptRecord[]> =>
    (await withSession(pool, read)).map((row) => fromDbAttempt(row, networks));
  return {
    lapsedClaims: (limit) => recordsOf((session) => selectDueAttempts(session, 'lapsedClaims', limit)),
    lapsedSubmissions: (limit) => recordsOf((session) => selectDueAttempts(session, 'lapsedSubmissions', limit)),
    unseenSubmissions: (olderThanMs, limit) =>
      recordsOf((session) => selectDueAttempts(session, 'unseenSubmissions', limit, olderThanMs)),
    rebroadcastable: (olderThanMs, limit) =>
      recordsOf((session) => selectDueAttempts(session, 'rebroadcastable', limit, olderThanMs)),
    gasSignerAddress: async (gasSignerId) => {
      const bytes = await withSession(pool, (session) => selectGasSignerAddress(session, gasSignerId));
      return fromDbHex(required(bytes, 'gas_signers.address'));
    },
    failedWithNonces: (gasSignerId, fromNonce, toNonce, limit) =>
      recordsOf((session) => selectFailedWithNonces(session, { gasSignerId, fromNonce, toNonce, limit })),
    replacements: async (keys) => {
      if (keys.length === 0) return [];
      const rows = await withSession(pool, (session) => selectGasReplacements(session, keys));
      return rows.map((row) => ({
        bookId: row.book_id,
        attemptId: row.attempt_id,
        number: row.number,
        txHash: fromDbHex(row.tx_hash),
        signedTx: fromDbBytes(row.signed_tx),
        madeAtMs: row.created_at.getTime(),
      }));
    },
    addReplacement: ({ txHash, ...row }) =>
      withSession(pool, (session) => insertGasReplacement(session, { ...row, txHash: toDbHex(txHash) })),
    dueChecks: (limit) => recordsOf((session) => selectDueAttempts(session, 'dueChecks', limit)),
    paidNotServed: (olderThanMs, limit) =>
      recordsOf((session) => selectDueAttempts(session, 'paidNotServed', limit, olderThanMs)),
    notFetched: async (olderThanMs, limit) => {
      const rows = await withSession(pool, (session) => selectNotFetched(session, limit, olderThanMs));
      return rows.map((row) => ({ bookId: row.book_id, intentId: row.intent_id }));
    },
    servedNotPaid: (olderThanMs, limit) =>
      recordsOf((session) => selectDueAttempts(session, 'servedNotPaid', limit, olderThanMs)),
    strandedTransfers: async (limit) => {
      const rows = await withSession(pool, (session) => selectStrandedTransfers(session, limit));
      return rows.map((row) => fromDbTransfer(row, networks));
    },
    sweptRefunds: async (limit) => {
      const rows = await withSession(pool, (session) => selectSweptRefunds(session, limit));
      return rows.map((row) => fromDbTransfer(row, networks));
    },
    pendingHandLinks: async (limit) => {
      const rows = await withSession(pool, (session) => selectPendingHandLinks(session, limit));
      return rows.map((row) => ({
        bookId: row.book_id,
        handLinkId: row.hand_link_id,
        intentId: row.intent_id,
        actorId: row.actor_id,
        transfer: fromDbTransfer(row, networks),
      }));
    },
    overdueIntents: async (beforeMs, limit) => {
      const rows = await withSession(pool, (session) => selectOverdueIntents(session, beforeMs, limit));
      return rows.map((row) => ({ bookId: row.book_id, intentId: row.intent_id }));
    },
    postponeCheck: (key, checkAtMs) => withSession(pool, (session) => postponeCheck(session, key, checkAtMs)),
    markResent: async (keys) => {
      if (keys.length > 0) await withSession(pool, (session) => markResent(session, keys));
    },
    relayOutbox: (limit) => withSession(pool, (session) => relayOutbox(session, limit)),
    foldRollups: (limit) =>
      inTransaction(pool, beginInAllBooks, (session) => foldRollupDeltas(session, limit, networks)),
    pruneRollupHours: () => withSession(pool, pruneRollupHours),
    nowMs: () => withSession(pool, selectNow),
  };
}
