import { AssertionFailed, assert, invoiceRefusals } from '@tollbook/domain';
import type {
  AttemptRecord,
  Catalog,
  ClaimInput,
  ClaimResult,
  IntentKey,
  PaymentStore,
  PaymentTx,
  StoredAnswer,
} from '@tollbook/usecases';
import { StoreUnavailable } from '@tollbook/usecases';
import type { Pool } from 'pg';
import { Batcher } from '../batcher.js';
import { type AttemptRow, fromDbAttempt } from '../mapping/attempt.mapping.js';
import { fromDbBytes, fromDbHex } from '../mapping/column.mapping.js';
import { NetworkIds } from '../network-ids.js';
import { inTransaction, type Session, withSession } from '../session.js';
import { beginBatchInBook, beginInBook } from '../statements/begin-transaction.js';
import { carryPayments } from '../statements/carry-payments.js';
import { type ClaimAnswer, claimPayments, type JudgedRow } from '../statements/claim-payments.js';
import { type PaidAnswerRow, selectPaidAnswer } from '../statements/paid-answers.js';
import { selectAttempt, selectAttemptByReplayKey } from '../statements/select-attempts.js';
import { selectExposure } from '../statements/select-exposure.js';
import { selectInvoiceId } from '../statements/select-invoice-id.js';
import { selectPayload } from '../statements/select-payload.js';
import { takeOverAttempt } from '../statements/take-over-attempt.js';
import { KnownIntents } from './known-intents.js';
import { PgPaymentTx } from './pg-payment-tx.js';
import { planChange } from './plan-change.js';
import type { PlannedChange } from './planned-change.js';
import { runTogether } from './run-together.js';

type Change = { readonly intentId: string; readonly run: (tx: PaymentTx) => Promise<void> };

export type PaymentStoreDeps = {
  /** Acts as tollbook_app. */
  readonly pool: Pool;
  readonly catalog: Pick<Catalog, 'networks'>;
};

/** The gate's side of the database. Every call sees one book; `StoreUnavailable` when the database is away. */
export function createPaymentStore({ pool, catalog }: PaymentStoreDeps): PaymentStore {
  const networks = new NetworkIds(catalog.networks);
  const inBook = <T>(bookId: number, work: (session: Session, nowMs: number) => Promise<T>) =>
    inTransaction(pool, (session) => beginInBook(session, bookId), work);
  const recordOf = (row: AttemptRow | null): AttemptRecord | null =>
    row === null ? null : fromDbAttempt(row, networks);
  const known = new KnownIntents();
  const claims = new Batcher<ClaimInput, ClaimAnswer>({
    keyOf: () => undefined,
    run: (bookId, inputs) => withSession(pool, (session) => claimPayments(session, networks, bookId, inputs)),
  });
  const carried = new Batcher<PlannedChange, void>({
    keyOf: ({ attempt }) => attempt.intentId,
    run: async (bookId, planned) => {
      const version = await withSession(pool, (session) => carryPayments(session, bookId, planned));
      for (const each of planned) known.carried(each, version);
      return planned.map(() => undefined);
    },
  });
  /** Null where a change cannot be decided from what this process knows, or no longer holds. */
  const carryOn = async <T>(key: IntentKey, change: (tx: PaymentTx) => Promise<T>): Promise<{ result: T } | null> => {
    const standing = known.take(key);
    const plan = standing && (await planChange(standing, change));
    if (!plan) return null;
    try {
      await carried.add(key.bookId, plan.planned);
      return plan;
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      return null;
    }
  };
  const changes = new Batcher<Change, void>({
    keyOf: ({ intentId }) => intentId,
    run: async (bookId, batch) => {
      const begin = (session: Session) =>
        batch.length > 1 ? beginBatchInBook(session, bookId) : beginInBook(session, bookId);
      await inTransaction(pool, begin, (session, nowMs) =>
        runTogether(
          new PgPaymentTx(session, networks, nowMs),
          batch.map(({ run }) => run),
        ),
      );
      return batch.map(() => undefined);
    },
  });
  return {
    claim: async (input) => {
      const answer = await claims.add(input.attempt.bookId, input);
      if (answer.kind === 'judged') return fromDbClaim(answer.row, networks);
      const attempt = firstAttempt(input, answer.madeAtMs);
      known.claimed(input, attempt, answer.version);
      return { kind: 'claimed', attempt };
    },
    attemptByReplayKey: async (bookId, network, replayKeyHash) => {
      const key = { bookId, networkId: networks.idOf(network), replayKeyHash };
      return recordOf(await inBook(bookId, (session) => selectAttemptByReplayKey(session, key)));
    },
    attempt: async (bookId, attemptId) =>
      recordOf(await inBook(bookId, (session) => selectAttempt(session, bookId, attemptId))),
    invoiceIdOf: async (bookId, intentId) => {
      const bytes = await inBook(bookId, (session) => selectInvoiceId(session, bookId, intentId));
      return bytes === null ? null : fromDbBytes(bytes);
    },
    sealedPayload: async (key) => {
      const bytes = await inBook(key.bookId, (session) => selectPayload(session, key));
      return bytes === null ? null : fromDbBytes(bytes);
    },
    takeOver: async (attempt, leaseOwner, leaseMs) =>
      recordOf(await inBook(attempt.bookId, (session) => takeOverAttempt(session, attempt, leaseOwner, leaseMs))),
    exposure: async (bookId) =>
      (await inBook(bookId, (session) => selectExposure(session, bookId))).map((row) => ({
        payer: fromDbHex(row.payer),
        assetId: row.asset_id,
        endpointId: row.endpoint_id,
        amountAtomic: BigInt(row.amount_atomic),
      })),
    storedAnswer: async (bookId, attemptId) => {
      const row = await inBook(bookId, (session) => selectPaidAnswer(session, { bookId, attemptId }));
      return row === null ? null : fromDbPaidAnswer(bookId, attemptId, row);
    },
    inBook: (bookId, work) => inBook(bookId, (session, nowMs) => work(new PgPaymentTx(session, networks, nowMs))),
    changeIntent: async <T>(key: IntentKey, change: (tx: PaymentTx) => Promise<T>): Promise<T> => {
      const done = await carryOn(key, change);
      if (done) return done.result;
      let made: { readonly result: T } | undefined;
      const run = async (tx: PaymentTx) => {
        made = { result: await change(tx) };
      };
      await changes.add(key.bookId, { intentId: key.intentId, run });
      assert(made !== undefined, 'a change that was committed has run');
      return made.result;
    },
  };
}

/** What a claim wrote that was the first of everything. */
function firstAttempt({ attempt, leaseOwner, leaseMs }: ClaimInput, madeAtMs: number): AttemptRecord {
  return {
    ...attempt,
    ...{ createdAtMs: madeAtMs, status: 'claimed', reason: null, rawReason: null, evidence: null, epoch: 1 },
    ...{ leaseOwner, leaseUntilMs: madeAtMs + leaseMs, sentAtMs: null, submittedAtMs: null, servedAtMs: null },
    ...{ releasedAtMs: null, checkAtMs: null, lastSentAtMs: null, resentCount: 0, txHash: null, gasSignerId: null },
    ...{ gasNonce: null, signedTx: null, facilitatorId: null, settleMode: 'after', rerunCount: 0 },
    claimedTxHash: null,
    canBeTakenOver: false,
  };
}

function fromDbClaim(row: JudgedRow, networks: NetworkIds): ClaimResult {
  const refusal = invoiceRefusals.find((each) => each === row.outcome);
  if (refusal) return { kind: 'refused', reason: refusal };
  assert(row.outcome !== 'terms_differ', 'an invoice id always stands for the same terms');
  assert(row.attempt_id !== null, 'a claim that is not refused names an attempt');
  const attempt = fromDbAttempt(row, networks);
  switch (row.outcome) {
    case 'claimed':
    case 'existing':
      return { kind: row.outcome, attempt };
    case 'same_invoice':
    case 'other_invoice':
    case 'same_identifier':
      return { kind: 'earlier', attempt, isSameInvoice: row.outcome === 'same_invoice' };
    default:
      throw new AssertionFailed(`claim_payment gave an answer that nobody knows: ${row.outcome}`);
  }
}

/** Answers without a body are not stored in this release; one that has none is as good as gone. */
function fromDbPaidAnswer(bookId: number, attemptId: string, row: PaidAnswerRow): StoredAnswer | null {
  if (row.body_sealed === null) return null;
  return {
    bookId,
    attemptId,
    httpStatus: row.http_status,
    headersSealed: fromDbBytes(row.headers_sealed),
    bodySealed: fromDbBytes(row.body_sealed),
    expiresAtMs: row.expires_at.getTime(),
  };
}
