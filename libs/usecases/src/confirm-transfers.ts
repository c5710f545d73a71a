import {
  assert,
  type DiscrepancyKind,
  isSamePayment,
  localDay,
  localYear,
  type Match,
  type MatchCandidate,
  matchTransfer,
  paidAtomic,
  postConfirmed,
  uuidV7,
} from '@tollbook/domain';
import { movedAttempt } from './change-attempt.js';
import { PaymentBatch } from './payment-batch.js';
import type { ChainTx } from './ports/chain-store.js';
import type {
  AllocationRecord,
  AttemptRecord,
  DiscrepancyDraft,
  IntentRecord,
  TransferRecord,
} from './ports/records.js';
import { postableAllocation } from './postable-allocation.js';
import { tellUnmatched } from './refresh-intent.js';
import type { WorkerDeps } from './worker-deps.js';

/** What one dbTx makes of its transfers, written when all of them were looked at. */
type Booking = {
  readonly deps: WorkerDeps;
  readonly nowMs: number;
  readonly batch: PaymentBatch;
  readonly hand: HandDecision | null;
  readonly allocations: AllocationRecord[];
  readonly discrepancies: DiscrepancyDraft[];
  readonly confirmedAttempts: AttemptRecord[];
};

/** What a person decided about one transfer, checked by the same rule before. */
export type HandDecision = {
  readonly bookId: number;
  readonly intentId: string;
  readonly transferId: string;
  readonly actorId: string;
  readonly match: Match;
};

type Named = Awaited<ReturnType<ChainTx['attemptsOfTransfers']>>[number];

/**
 * Books transfers that reached their confirmed depth: matched to the payment that their key names, allocated to the
 * last unit, posted as pending, told. Every transfer ends in exactly one set of buckets (I02, I06).
 */
export async function confirmTransfers(
  tx: ChainTx,
  deps: WorkerDeps,
  transfers: readonly TransferRecord[],
  hand: HandDecision | null = null,
): Promise<void> {
  if (transfers.length === 0) return;
  const named = new Map((await tx.attemptsOfTransfers(transfers)).map((each) => [each.transferId, each]));
  const booked = new Set((await tx.allocationsOf(transfers)).map((allocation) => allocation.transferId));
  const attempts = [...named.values()].map(({ attempt }) => attempt);
  const decided = hand ? [{ bookId: hand.bookId, intentId: hand.intentId }] : [];
  const keys = [...attempts.map(({ bookId, intentId }) => ({ bookId, intentId })), ...decided];
  const bookIds = transfers.map((transfer) => transfer.bookId);
  const batch = await PaymentBatch.open(tx, deps, keys, bookIds);
  const lists = { allocations: [], discrepancies: [], confirmedAttempts: [] };
  const booking: Booking = { deps, nowMs: tx.nowMs, batch, hand, ...lists };
  for (const transfer of transfers) {
    if (!booked.has(transfer.transferId)) bookTransfer(booking, transfer, named.get(transfer.transferId));
  }

  await batch.saveAttempts();
  await tx.insertAllocations(booking.allocations);
  deps.failpoint('reconcile_allocated');
  await drawNumbers(tx, batch);
  batch.tellChanges();
  deps.failpoint('reconcile_numbered');
  await closeOpenDoubts(batch, booking.confirmedAttempts);
  await tellOpened(batch, transfers, await batch.openDiscrepancies(booking.discrepancies));
  await batch.saveIntents();
  await batch.saveEvents();
  await batch.saveEntries();
  deps.failpoint('reconcile_posted');
}

function bookTransfer(booking: Booking, transfer: TransferRecord, name: Named | undefined): void {
  const { batch, deps } = booking;
  const hand = booking.hand?.transferId === transfer.transferId ? booking.hand : null;
  const { bookId, intentId } = hand ?? name?.attempt ?? { bookId: transfer.bookId, intentId: null };
  const intent = intentId === null ? undefined : batch.intent(bookId, intentId);
  const attempt = hand ? undefined : intent?.attempts.find((each) => each.attemptId === name?.attempt.attemptId);
  const match = hand?.match ?? matchByName(transfer, intent, attempt, name);
  const legs = legsOf(deps, booking.nowMs, transfer, match, hand?.actorId ?? null);
  booking.allocations.push(...legs);
  booking.discrepancies.push(...discrepanciesOf(transfer, match));
  for (const leg of legs)
    batch.entries.push({ bookId: leg.bookId, entry: entryOf(batch, deps, transfer, leg, intent) });
  const mine = legs.filter((leg) => leg.intentId !== null);
  if (!intent || mine.length === 0 || (!attempt && !hand)) return;
  const paid = attempt && match.isAttemptPaid ? paidAttempt(attempt, transfer) : attempt;
  if (paid && paid !== attempt) booking.confirmedAttempts.push(paid);
  const { blockHash, txHash } = transfer;
  const evidence = { blockNumber: transfer.blockNumber.toString(), blockHash, txHash };
  const next: IntentRecord = {
    ...intent,
    payer: intent.payer ?? transfer.from,
    attempts: intent.attempts.map((each) => (paid && each === attempt ? paid : each)),
    allocations: [...intent.allocations, ...mine],
    openDiscrepancies: intent.openDiscrepancies.filter((kind) => paid === attempt || !endedByPayment.includes(kind)),
  };
  batch.change(next, batch.context(transfer.bookId, transfer.transferId, evidence), hand !== null || paid !== attempt);
}

/** By the attempt that the transfer's key or transaction names. */
function matchByName(
  transfer: TransferRecord,
  intent: IntentRecord | undefined,
  attempt: AttemptRecord | undefined,
  name: Named | undefined,
): Match {
  const { amountAtomic, fromWalletId, toWalletId } = transfer;
  return matchTransfer(
    { amountAtomic, isFromOwnWallet: fromWalletId !== null, isToOwnWallet: toWalletId !== null },
    intent && attempt && name && isSamePayment(transfer, intent, attempt)
      ? candidateOf(intent, attempt, name.matchedBy)
      : null,
  );
}

function candidateOf(intent: IntentRecord, attempt: AttemptRecord, matchedBy: 'nonce' | 'tx_hash'): MatchCandidate {
  return {
    intentId: intent.intentId,
    attemptStatus: attempt.status,
    dueAtomic: intent.amountAtomic,
    paidAtomic: paidAtomic(intent.allocations),
    matchedBy,
  };
}

/** T8. A facilitator's hash that differs is replaced by the chain's. */
function paidAttempt(attempt: AttemptRecord, transfer: TransferRecord): AttemptRecord {
  return movedAttempt(
    attempt,
    { type: 'transfer_confirmed' },
    { txHash: transfer.txHash, checkAtMs: null, leaseOwner: null, leaseUntilMs: null },
  );
}

function legsOf(
  deps: WorkerDeps,
  nowMs: number,
  transfer: TransferRecord,
  match: Match,
  actorId: string | null,
): AllocationRecord[] {
  const sum = match.legs.reduce((total, leg) => total + leg.amountAtomic, 0n);
  assert(sum === transfer.amountAtomic, 'the legs of a match sum to its transfer');
  return match.legs.map((leg, index) => ({
    ...leg,
    bookId: transfer.bookId,
    allocationId: uuidV7(nowMs, deps.crypto.randomBytes(10)),
    transferId: transfer.transferId,
    leg: index,
    isFinal: false,
    actorId,
  }));
}

function discrepanciesOf(transfer: TransferRecord, match: Match): DiscrepancyDraft[] {
  return match.discrepancies.map(({ kind, amountAtomic }) => ({
    bookId: transfer.bookId,
    kind,
    subjectId: transfer.transferId,
    intentId: match.legs[0]?.intentId ?? null,
    transferId: transfer.transferId,
    amountAtomic,
  }));
}

function entryOf(
  batch: PaymentBatch,
  deps: WorkerDeps,
  transfer: TransferRecord,
  leg: AllocationRecord,
  intent: IntentRecord | undefined,
) {
  const day = localDay(transfer.blockTimeUnixSeconds, batch.book(transfer.bookId).timeZone);
  return postConfirmed(postableAllocation(deps, transfer, leg, intent?.endpointId ?? null, day));
}

/**
 * Numbers are drawn in the dbTx that first confirms, in the order of the intents, and kept through reorgs. Drawn before
 * anything is told, so that the event which confirms a payment shows its number.
 */
async function drawNumbers(tx: ChainTx, batch: PaymentBatch): Promise<void> {
  const groups = new Map<string, { bookId: number; year: number; intents: IntentRecord[] }>();
  for (const intent of batch.firstPaid()) {
    const year = localYear(tx.nowMs / 1000, batch.book(intent.bookId).timeZone);
    const key = `${intent.bookId}/${year}`;
    const group = groups.get(key) ?? { bookId: intent.bookId, year, intents: [] };
    group.intents.push(intent);
    groups.set(key, group);
  }
  if (groups.size === 0) return;
  const wanted = [...groups.values()].map(({ bookId, year, intents }) => ({ bookId, year, count: intents.length }));
  for (const { bookId, year, firstNo } of await tx.drawInvoiceNumbers(wanted)) {
    const group = groups.get(`${bookId}/${year}`);
    group?.intents.forEach((intent, index) => {
      batch.put({ ...intent, invoiceYear: year, invoiceNo: firstNo + index });
    });
  }
}

const endedByPayment: readonly DiscrepancyKind[] = ['served_not_paid', 'reorged'];

/** What was in doubt about an attempt ends when its transfer is confirmed. */
async function closeOpenDoubts(batch: PaymentBatch, attempts: readonly AttemptRecord[]): Promise<void> {
  const keysOf = (kind: DiscrepancyKind) =>
    attempts.map(({ bookId, attemptId }) => ({ bookId, kind, subjectId: attemptId }));
  await batch.closeDiscrepancies(keysOf('served_not_paid'), 'paid');
  await batch.closeDiscrepancies(keysOf('reorged'), 'included_again');
}

/** Money that fits no intent has no intent to tell it. */
async function tellOpened(
  batch: PaymentBatch,
  transfers: readonly TransferRecord[],
  opened: readonly DiscrepancyDraft[],
): Promise<void> {
  const byId = new Map(transfers.map((transfer) => [transfer.transferId, transfer]));
  for (const draft of opened) {
    const transfer = draft.kind === 'unmatched' ? byId.get(draft.subjectId) : undefined;
    if (transfer) batch.events.push(tellUnmatched(transfer, batch.context(transfer.bookId, transfer.transferId)));
  }
}
