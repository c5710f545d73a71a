import {
  assert,
  type DiscrepancyKind,
  dueAtomic,
  isSamePayment,
  localDay,
  localYear,
  type Match,
  type MatchCandidate,
  matchByAmount,
  matchTransfer,
  paidAtomic,
  postConfirmed,
  uuidV7,
} from '@tollbook/domain';
import { changeRefunded, isOutgoing, RefundDesk } from './book-refunds.js';
import { movedAttempt } from './change-attempt.js';
import { PaymentBatch } from './payment-batch.js';
import type { ChainTx } from './ports/chain-store.js';
import type {
  AllocationRecord,
  AttemptRecord,
  DiscrepancyDraft,
  IntentKey,
  IntentRecord,
  NamedByAmount,
  TransferRecord,
} from './ports/records.js';
import { postableAllocation } from './postable-allocation.js';
import { tellUnmatched } from './refresh-intent.js';
import type { WorkerDeps } from './worker-deps.js';

/** What one dbTx makes of its transfers, written when all of them were looked at. */
type Booking = {
  readonly byId: ReadonlyMap<string, TransferRecord>;
  readonly deps: WorkerDeps;
  readonly nowMs: number;
  readonly batch: PaymentBatch;
  readonly hand: HandDecision | null;
  readonly tolerances: Tolerances;
  readonly allocations: AllocationRecord[];
  readonly discrepancies: DiscrepancyDraft[];
  readonly confirmedAttempts: AttemptRecord[];
  /** Paid by a transfer that their amount named. */
  readonly paidByAmount: IntentRecord[];
};

/** What a person decided about one transfer, checked by the same rule before. */
export type HandDecision = {
  readonly bookId: number;
  readonly intentId: string;
  readonly transferId: string;
  readonly actorId: string;
  readonly match: Match;
};

type Tolerances = Awaited<ReturnType<ChainTx['tolerances']>>;
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
  const unnamed = transfers.filter(({ transferId }) => !named.has(transferId) && hand?.transferId !== transferId);
  const byAmount = new Map((await tx.intentsByAmount(unnamed)).map((each) => [each.transferId, each]));
  const decided = hand ? [{ bookId: hand.bookId, intentId: hand.intentId }] : [];
  const keys = [...[...attempts, ...byAmount.values()].map(keyOfIntent), ...decided];
  const bookIds = transfers.map((transfer) => transfer.bookId);
  const fresh = transfers.filter(({ transferId }) => !booked.has(transferId));
  const refunded = await RefundDesk.intentsOf(tx, fresh);
  const batch = await PaymentBatch.open(tx, deps, [...keys, ...refunded], bookIds);
  const desk = await RefundDesk.open(tx, fresh, batch);
  const lists = { allocations: [], discrepancies: [], confirmedAttempts: [], paidByAmount: [] };
  // What a signature names is exact; only other money can differ by dust.
  const inexact = fresh.filter((each) => !isOutgoing(each) && named.get(each.transferId)?.matchedBy !== 'nonce');
  const asking = [...new Set(inexact.map(({ bookId }) => bookId))];
  const tolerances = asking.length === 0 ? [] : await tx.tolerances(asking);
  const byId = new Map(transfers.map((transfer) => [transfer.transferId, transfer]));
  const booking: Booking = { byId, deps, nowMs: tx.nowMs, batch, hand, tolerances, ...lists };
  for (const transfer of [...transfers].sort(byBlock)) {
    const { transferId } = transfer;
    if (booked.has(transferId)) continue;
    if (isOutgoing(transfer)) bookOutgoing(booking, transfer, desk);
    else bookTransfer(booking, transfer, named.get(transferId), byAmount.get(transferId));
  }

  await batch.saveAttempts();
  await desk.save();
  await tx.insertAllocations(booking.allocations);
  deps.failpoint('reconcile_allocated');
  await drawNumbers(tx, batch);
  batch.tellChanges();
  deps.failpoint('reconcile_numbered');
  await closeOpenDoubts(batch, booking);
  await tellOpened(batch, transfers, await batch.openDiscrepancies(booking.discrepancies));
  await batch.saveIntents();
  await batch.saveEvents();
  await batch.saveEntries();
  deps.failpoint('reconcile_posted');
}

function keyOfIntent({ bookId, intentId }: IntentKey): IntentKey {
  return { bookId, intentId };
}

function bookTransfer(
  booking: Booking,
  transfer: TransferRecord,
  name: Named | undefined,
  byAmount: NamedByAmount | undefined,
): void {
  const { batch, deps } = booking;
  const hand = booking.hand?.transferId === transfer.transferId ? booking.hand : null;
  const { bookId, intentId } = hand ?? name?.attempt ?? byAmount ?? { bookId: transfer.bookId, intentId: null };
  const intent = intentId === null ? undefined : batch.intent(bookId, intentId);
  const attempt = hand ? undefined : intent?.attempts.find((each) => each.attemptId === name?.attempt.attemptId);
  const candidate = intent && byAmount ? candidateByAmount(transfer, intent, byAmount) : null;
  const match =
    hand?.match ?? matchOf(booking, transfer, candidate ?? candidateByName(transfer, intent, attempt, name));
  const legs = legsOf(deps, booking.nowMs, transfer, match, hand?.actorId ?? null);
  booking.allocations.push(...legs);
  booking.discrepancies.push(...discrepanciesOf(transfer, match));
  for (const leg of legs)
    batch.entries.push({ bookId: leg.bookId, entry: entryOf(batch, deps, transfer, leg, intent) });
  const mine = legs.filter((leg) => leg.intentId !== null);
  if (!intent || mine.length === 0) return;
  if (byAmount && match.isAttemptPaid) booking.paidByAmount.push(intent);
  const paid = attempt && match.isAttemptPaid ? paidAttempt(attempt, transfer, intent) : attempt;
  if (paid && paid !== attempt) booking.confirmedAttempts.push(paid);
  const { blockHash, txHash } = transfer;
  const claimed = paid?.claimedTxHash ? { claimedTxHash: paid.claimedTxHash } : {};
  const evidence = { blockNumber: transfer.blockNumber.toString(), blockHash, txHash, ...claimed };
  const isPaid = paid !== attempt || (byAmount !== undefined && match.isAttemptPaid);
  const next: IntentRecord = {
    ...intent,
    payer: intent.payer ?? transfer.from,
    attempts: intent.attempts.map((each) => (paid && each === attempt ? paid : each)),
    allocations: [...intent.allocations, ...mine],
    openDiscrepancies: intent.openDiscrepancies.filter((kind) => !isPaid || !endedByPayment.includes(kind)),
  };
  batch.change(next, batch.context(transfer.bookId, transfer.transferId, evidence), hand !== null || isPaid);
}

/** Within a block money comes before it leaves, so that nothing depends on how many blocks are booked together. */
function byBlock(a: TransferRecord, b: TransferRecord): number {
  if (a.blockNumber !== b.blockNumber) return a.blockNumber < b.blockNumber ? -1 : 1;
  return Number(isOutgoing(a)) - Number(isOutgoing(b));
}

/** Whether this dbTx has booked money of whoever gets a transfer: what earlier ones booked is read from the database. */
function hasPaid({ allocations, batch, byId }: Booking, { bookId, network, assetId, to }: TransferRecord): boolean {
  return allocations.some((leg) => {
    const came = byId.get(leg.transferId);
    if (came?.bookId !== bookId || came.network !== network || came.assetId !== assetId) return false;
    if (came.from !== to || came.fromWalletId !== null) return false;
    return leg.intentId === null || batch.intent(bookId, leg.intentId)?.payer === to;
  });
}

/** Money that left: for a refund that waited for it, else for outside. */
function bookOutgoing(booking: Booking, transfer: TransferRecord, desk: RefundDesk): void {
  const { batch, deps } = booking;
  const { match, refund } = desk.book(batch, transfer, hasPaid(booking, transfer));
  const intent = refund ? batch.intent(refund.bookId, refund.intentId) : undefined;
  const legs = legsOf(deps, booking.nowMs, transfer, match, null);
  booking.allocations.push(...legs);
  booking.discrepancies.push(...discrepanciesOf(transfer, match));
  for (const leg of legs)
    batch.entries.push({ bookId: leg.bookId, entry: entryOf(batch, deps, transfer, leg, intent) });
  if (!intent || !refund) return;
  batch.put({ ...intent, allocations: [...intent.allocations, ...legs] });
  const { amountAtomic, txHash } = transfer;
  changeRefunded(batch, refund, { type: 'refund.confirmed', amountAtomic, txHash });
}

function matchOf({ tolerances }: Booking, transfer: TransferRecord, candidate: MatchCandidate | null): Match {
  const { bookId, assetId, amountAtomic, fromWalletId, toWalletId } = transfer;
  const moved = { amountAtomic, isFromOwnWallet: fromWalletId !== null, isToOwnWallet: toWalletId !== null };
  const tolerance = tolerances.find((each) => each.bookId === bookId && each.assetId === assetId);
  return matchTransfer(moved, candidate, tolerance?.amountAtomic);
}

/** The attempt that the transfer's key or transaction names. */
function candidateByName(
  transfer: TransferRecord,
  intent: IntentRecord | undefined,
  attempt: AttemptRecord | undefined,
  name: Named | undefined,
): MatchCandidate | null {
  if (!intent || !attempt || !name || !isSamePayment(transfer, intent, attempt)) return null;
  return { ...amountsOf(intent), attemptStatus: attempt.status, matchedBy: name.matchedBy };
}

/** The intent that the transfer's amount names. */
function candidateByAmount(
  { blockNumber, blockTimeUnixSeconds }: TransferRecord,
  intent: IntentRecord,
  { promise }: NamedByAmount,
): MatchCandidate | null {
  return matchByAmount({
    ...amountsOf(intent),
    blockNumber,
    blockTimeUnixSeconds,
    promise,
    expiresAtUnixSeconds: Math.floor(intent.expiresAtMs / 1000),
    intentStatus: intent.status,
  });
}

function amountsOf(intent: IntentRecord) {
  return {
    intentId: intent.intentId,
    dueAtomic: dueAtomic(intent),
    priceAtomic: intent.amountAtomic,
    paidAtomic: paidAtomic(intent.allocations),
  };
}

/** T8. A facilitator's hash that differs is replaced by the chain's, and kept as what it claimed. An upstream that runs now goes on under its lease. */
function paidAttempt(attempt: AttemptRecord, { txHash }: TransferRecord, intent: IntentRecord): AttemptRecord {
  // What a reorg took had its hash from the chain.
  const isClaim = attempt.facilitatorId !== null && !intent.openDiscrepancies.includes('reorged');
  const claimed = isClaim && attempt.txHash !== txHash ? attempt.txHash : null;
  const claimedTxHash = attempt.claimedTxHash ?? claimed;
  return movedAttempt(attempt, { type: 'transfer_confirmed' }, { txHash, claimedTxHash, checkAtMs: null });
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
    txHash: transfer.txHash,
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

/** What was in doubt about an attempt, or about an intent that has none, ends when its transfer is confirmed. */
async function closeOpenDoubts(batch: PaymentBatch, { confirmedAttempts, paidByAmount }: Booking): Promise<void> {
  const keysOf = (kind: DiscrepancyKind) => [
    ...confirmedAttempts.map(({ bookId, attemptId }) => ({ bookId, kind, subjectId: attemptId })),
    ...paidByAmount.map(({ bookId, intentId }) => ({ bookId, kind, subjectId: intentId })),
  ];
  await batch.closeDiscrepancies(keysOf('served_not_paid'), 'paid');
  await batch.closeDiscrepancies(keysOf('reorged'), 'included_again');
}

/** Money that fits no intent and no refund has no intent to tell it. */
async function tellOpened(
  batch: PaymentBatch,
  transfers: readonly TransferRecord[],
  opened: readonly DiscrepancyDraft[],
): Promise<void> {
  const byId = new Map(transfers.map((transfer) => [transfer.transferId, transfer]));
  for (const draft of opened) {
    const { kind } = draft;
    const transfer = byId.get(draft.subjectId);
    if (!transfer || (kind !== 'unmatched' && kind !== 'unmatched_outflow')) continue;
    batch.events.push(tellUnmatched(transfer, kind, batch.context(transfer.bookId, transfer.transferId)));
  }
}
