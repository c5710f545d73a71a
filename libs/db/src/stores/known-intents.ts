import type { AttemptRecord, ClaimInput, IntentKey, IntentRecord } from '@tollbook/usecases';
import type { KnownIntent, PlannedChange } from './planned-change.js';

/** More than are on their way at once; what is left over was never carried on. */
const knownMax = 4_096;

/** What this process knows of the payments that it claimed, until it has carried them to their end. */
export class KnownIntents {
  private readonly known = new Map<string, KnownIntent>();

  /** Takes what is known out: whoever carries it on puts back how it stands then. */
  take({ bookId, intentId }: IntentKey): KnownIntent | null {
    const key = `${bookId} ${intentId}`;
    const found = this.known.get(key);
    this.known.delete(key);
    return found ?? null;
  }

  /** A claim that was the first of its invoice: nothing of it stands but what it wrote. */
  claimed(input: ClaimInput, attempt: AttemptRecord, version: string): void {
    const { bookId, intentId, payer, createdAtMs } = attempt;
    const intent: IntentRecord = {
      ...input.intent,
      ...{ bookId, intentId, payer, createdAtMs },
      ...{ status: 'open', sequence: 0, failureReason: null, amountRefundedAtomic: 0n },
      ...{ invoiceYear: null, invoiceNo: null, confirmedAtMs: null, finalAtMs: null },
      ...{ reservedAtomic: null, orderId: null, metadata: null },
      ...{ attempts: [attempt], allocations: [], openDiscrepancies: [] },
    };
    // Between the statement and its answer the clock went on.
    const aheadMs = createdAtMs - performance.now();
    const nowMs = () => Math.floor(aheadMs + performance.now());
    this.put({ intent, intentVersion: version, attemptVersion: version, nowMs });
  }

  /** What was planned has been written. */
  carried({ known, attempt, intent }: PlannedChange, version: string): void {
    if (attempt.leaseOwner === null) return;
    const standing = { ...(intent ?? known.intent), attempts: [attempt] };
    const intentVersion = intent ? version : known.intentVersion;
    this.put({ ...known, intent: standing, intentVersion, attemptVersion: version });
  }

  private put(known: KnownIntent): void {
    const { bookId, intentId } = known.intent;
    this.known.set(`${bookId} ${intentId}`, known);
    const [oldest] = this.known.size > knownMax ? this.known.keys() : [];
    if (oldest !== undefined) this.known.delete(oldest);
  }
}
