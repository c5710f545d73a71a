import type { DiscrepancyKind, EntryDraft } from '@tollbook/domain';
import { assert } from '@tollbook/domain';
import { type ChangeDeps, refreshContext } from './change-attempt.js';
import type { ChainTx } from './ports/chain-store.js';
import type { AttemptRecord, BookRecord, DiscrepancyDraft, EventDraft, IntentRecord } from './ports/records.js';
import { type RefreshContext, refreshIntent, statusOf, tellDiscrepancy } from './refresh-intent.js';

/**
 * The payments that one dbTx changes: read once, changed in memory by the rules, written once. Several transfers of a
 * batch may touch one intent, so each change starts from the one before.
 */
export class PaymentBatch {
  private readonly intents = new Map<string, IntentRecord>();
  private readonly attemptsBefore = new Map<string, AttemptRecord>();
  private readonly touched = new Set<string>();
  private readonly toTell = new Map<string, RefreshContext>();
  readonly events: EventDraft[] = [];
  readonly entries: { bookId: number; entry: EntryDraft }[] = [];

  private constructor(
    private readonly tx: ChainTx,
    private readonly deps: ChangeDeps,
    private readonly books: ReadonlyMap<number, BookRecord>,
  ) {}

  /** Locks the intents of a batch and reads its books. */
  static async open(
    tx: ChainTx,
    deps: ChangeDeps,
    keys: readonly { readonly bookId: number; readonly intentId: string }[],
    bookIds: readonly number[],
  ): Promise<PaymentBatch> {
    const intents = keys.length > 0 ? await tx.lockIntents(uniqueKeys(keys)) : [];
    const wanted = [...new Set([...bookIds, ...intents.map((intent) => intent.bookId)])];
    const books = new Map((await tx.books(wanted)).map((book) => [book.bookId, book]));
    const batch = new PaymentBatch(tx, deps, books);
    for (const intent of intents) {
      batch.intents.set(keyOf(intent), intent);
      for (const attempt of intent.attempts) batch.attemptsBefore.set(attempt.attemptId, attempt);
    }
    return batch;
  }

  book(bookId: number): BookRecord {
    const book = this.books.get(bookId);
    assert(book !== undefined, 'every row of a batch belongs to a book that was read with it');
    return book;
  }

  intent(bookId: number, intentId: string): IntentRecord | undefined {
    return this.intents.get(keyOf({ bookId, intentId }));
  }

  all(): readonly IntentRecord[] {
    return [...this.intents.values()];
  }

  /** Replaces an intent in memory; `save` writes it. */
  put(intent: IntentRecord): void {
    this.intents.set(keyOf(intent), intent);
    this.touched.add(keyOf(intent));
  }

  context(bookId: number, causeId: string | null, evidence?: Readonly<Record<string, unknown>>): RefreshContext {
    return refreshContext(this.deps, this.book(bookId), this.tx.nowMs, causeId, evidence);
  }

  /**
   * Replaces an intent whose move is told by `tellChanges`, when everything that its event shows is known. Of several
   * changes the first is its cause, or else the one that decided.
   */
  change(intent: IntentRecord, context: RefreshContext, isDeciding: boolean): void {
    this.put(intent);
    if (isDeciding || !this.toTell.has(keyOf(intent))) this.toTell.set(keyOf(intent), context);
  }

  /** Changed intents that are paid now for the first time, in the order in which they were locked. */
  firstPaid(): readonly IntentRecord[] {
    return this.all().filter(
      (intent) =>
        this.toTell.has(keyOf(intent)) && intent.invoiceNo === null && statusOf(intent).status === 'confirmed',
    );
  }

  tellChanges(): void {
    for (const intent of this.all()) {
      const context = this.toTell.get(keyOf(intent));
      if (context) this.refresh(intent, context);
    }
    this.toTell.clear();
  }

  /** Gives the intent the status that follows from its attempts and allocations now, and keeps its event. */
  refresh(intent: IntentRecord, context: RefreshContext): IntentRecord {
    const refreshed = refreshIntent(intent, context);
    this.events.push(...refreshed.events);
    this.put(refreshed.intent);
    return refreshed.intent;
  }

  /** Opens discrepancies, and tells those that were not open before. */
  async openDiscrepancies(drafts: readonly DiscrepancyDraft[]): Promise<readonly DiscrepancyDraft[]> {
    const opened = drafts.length > 0 ? await this.tx.openDiscrepancies(drafts) : [];
    for (const draft of opened) {
      const intent = draft.intentId === null ? undefined : this.intent(draft.bookId, draft.intentId);
      // A reorg is told by the move it causes.
      if (!intent || draft.kind === 'reorged') continue;
      const told = tellDiscrepancy(intent, draft.kind, this.context(draft.bookId, draft.subjectId));
      this.events.push(...told.events);
      this.put(told.intent);
    }
    return opened;
  }

  async closeDiscrepancies(
    keys: readonly { bookId: number; kind: DiscrepancyKind; subjectId: string }[],
    resolution: string,
  ): Promise<void> {
    if (keys.length > 0) await this.tx.closeDiscrepancies(keys, resolution);
  }

  /** Writes attempts that changed. */
  async saveAttempts(): Promise<void> {
    const changes = this.all()
      .filter((intent) => this.touched.has(keyOf(intent)))
      .flatMap((intent) => intent.attempts)
      .flatMap((next) => {
        const previous = this.attemptsBefore.get(next.attemptId);
        return previous && previous !== next ? [{ previous, next }] : [];
      });
    if (changes.length === 0) return;
    const saved = await this.tx.saveAttempts(changes);
    assert(saved === changes.length, 'attempts of locked intents do not move under us');
    for (const { next } of changes) this.attemptsBefore.set(next.attemptId, next);
  }

  /** Writes intents, events and, last of all, the ledger entries. */
  async saveIntents(): Promise<void> {
    const changed = this.all().filter((intent) => this.touched.has(keyOf(intent)));
    if (changed.length > 0) await this.tx.saveIntents(changed);
  }

  async saveEvents(): Promise<void> {
    if (this.events.length > 0) await this.tx.addEvents(this.events);
  }

  async saveEntries(): Promise<void> {
    if (this.entries.length > 0) await this.tx.appendEntries(this.entries);
  }
}

function keyOf(key: { readonly bookId: number; readonly intentId: string }): string {
  return `${key.bookId}/${key.intentId}`;
}

function uniqueKeys<K extends { readonly bookId: number; readonly intentId: string }>(keys: readonly K[]): K[] {
  return [...new Map(keys.map((key) => [keyOf(key), key])).values()];
}
