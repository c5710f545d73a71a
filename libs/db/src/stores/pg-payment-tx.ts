import { assert, type EntryDraft, type RollupChange } from '@tollbook/domain';
import type {
  AllocationRecord,
  AttemptKey,
  AttemptRecord,
  DiscrepancyDraft,
  EventDraft,
  GasNonce,
  GasSignerName,
  IntentKey,
  IntentRecord,
  PaymentTx,
  StoredAnswer,
} from '@tollbook/usecases';
import { toDbHex } from '../mapping/column.mapping.js';
import type { NetworkIds } from '../network-ids.js';
import { newId } from '../new-id.js';
import type { Session } from '../session.js';
import { sha256 } from '../sha256.js';
import { drawGasNonces } from '../statements/draw-gas-nonces.js';
import { drawInvoiceNumbers } from '../statements/draw-invoice-numbers.js';
import { insertEvents } from '../statements/insert-events.js';
import { deletePaidAnswers, savePaidAnswers } from '../statements/paid-answers.js';
import { releaseReplayKeys } from '../statements/release-replay-keys.js';
import { insertAllocations, reverseAllocations } from '../statements/save-allocations.js';
import { saveAttempts } from '../statements/save-attempts.js';
import { closeDiscrepancies, openDiscrepancies } from '../statements/save-discrepancies.js';
import { saveIntents, tellIntents } from '../statements/save-intents.js';
import { appendRollupDeltas } from '../statements/save-rollups.js';
import { appendEntries } from './append-entries.js';
import { lockIntentRecords } from './lock-intent-records.js';

/** The payment side of one open dbTx. Every method is a constant number of statements; none for an empty list. */
export class PgPaymentTx implements PaymentTx {
  /** Numbers of the newest events as they stand in the locked rows: the guard lets each go up one by one. */
  private readonly sequences = new Map<string, number>();

  constructor(
    protected readonly session: Session,
    protected readonly networks: NetworkIds,
    readonly nowMs: number,
  ) {}

  async lockIntents(keys: readonly IntentKey[]): Promise<readonly IntentRecord[]> {
    const intents = await lockIntentRecords(this.session, this.networks, keys);
    for (const intent of intents) this.sequences.set(keyOf(intent), intent.sequence);
    return intents;
  }

  async saveIntents(intents: readonly IntentRecord[]): Promise<void> {
    if (intents.length === 0) return;
    for (let behind = this.behind(intents); behind.length > 0; behind = this.behind(behind)) {
      await tellIntents(this.session, behind);
      for (const intent of behind) this.sequences.set(keyOf(intent), this.storedSequence(intent) + 1);
    }
    const saved = await saveIntents(this.session, intents);
    assert(saved === intents.length, 'an intent that was locked is there to be saved');
    for (const intent of intents) this.sequences.set(keyOf(intent), intent.sequence);
  }

  async saveAttempts(changes: readonly { previous: AttemptRecord; next: AttemptRecord }[]): Promise<number> {
    return changes.length === 0 ? 0 : saveAttempts(this.session, changes);
  }

  async releaseReplayKeys(keys: readonly AttemptKey[]): Promise<void> {
    if (keys.length > 0) await releaseReplayKeys(this.session, keys);
  }

  async drawGasNonce(signer: GasSignerName): Promise<GasNonce> {
    const [drawn] = await this.drawGasNonces([signer]);
    assert(drawn !== undefined, 'a nonce was drawn for each');
    return drawn;
  }

  /** A nonce for each of the signers named, who may be named more than once. */
  async drawGasNonces(signers: readonly GasSignerName[]): Promise<readonly GasNonce[]> {
    const drawn = new Map<string, GasNonce>();
    const names = signers.map(({ network, address }) => `${network} ${address}`);
    // In one order, so that two batches never wait for one another's signers in a circle.
    for (const name of [...new Set(names)].sort()) {
      const signer = signers[names.indexOf(name)];
      assert(signer !== undefined, 'a name was made of each signer');
      const { network, address } = signer;
      const count = names.filter((each) => each === name).length;
      const row = await drawGasNonces(this.session, this.networks.idOf(network), toDbHex(address), count);
      assert(row !== null, 'a network that payments are sent on has a gas signer');
      drawn.set(name, { gasSignerId: row.gas_signer_id, address, nonce: row.first_nonce });
    }
    return names.map((name) => {
      const next = drawn.get(name);
      assert(next !== undefined, 'nonces were drawn for each signer');
      drawn.set(name, { ...next, nonce: next.nonce + 1n });
      return next;
    });
  }

  async saveAnswers(answers: readonly StoredAnswer[]): Promise<void> {
    if (answers.length > 0) await savePaidAnswers(this.session, answers);
  }

  async deleteAnswers(keys: readonly AttemptKey[]): Promise<void> {
    if (keys.length > 0) await deletePaidAnswers(this.session, keys);
  }

  async insertAllocations(allocations: readonly AllocationRecord[]): Promise<void> {
    if (allocations.length > 0) await insertAllocations(this.session, allocations);
  }

  async reverseAllocations(keys: readonly { bookId: number; allocationId: string }[]): Promise<void> {
    if (keys.length > 0) await reverseAllocations(this.session, keys);
  }

  async openDiscrepancies(drafts: readonly DiscrepancyDraft[]): Promise<readonly DiscrepancyDraft[]> {
    if (drafts.length === 0) return [];
    const unique = [...new Map(drafts.map((draft) => [subjectOf(draft), draft])).values()];
    const fresh = unique.map((draft) => ({ ...draft, discrepancyId: newId() }));
    const opened = new Set(
      (await openDiscrepancies(this.session, fresh)).map((row) =>
        subjectOf({ bookId: row.book_id, kind: row.kind, subjectId: row.subject_id }),
      ),
    );
    return unique.filter((draft) => opened.has(subjectOf(draft)));
  }

  async closeDiscrepancies(
    keys: readonly Pick<DiscrepancyDraft, 'bookId' | 'kind' | 'subjectId'>[],
    resolution: string,
  ): Promise<void> {
    if (keys.length > 0) await closeDiscrepancies(this.session, keys, resolution);
  }

  async drawInvoiceNumbers(
    wanted: readonly { bookId: number; year: number; count: number }[],
  ): Promise<readonly { bookId: number; year: number; firstNo: number }[]> {
    if (wanted.length === 0) return [];
    const rows = await drawInvoiceNumbers(this.session, wanted);
    return rows.map((row) => ({ bookId: row.book_id, year: row.invoice_year, firstNo: row.first_no }));
  }

  async appendEntries(drafts: readonly { bookId: number; entry: EntryDraft }[]): Promise<void> {
    await appendEntries(this.session, this.networks, drafts);
  }

  async addEvents(events: readonly EventDraft[]): Promise<void> {
    if (events.length === 0) return;
    const hashed = events.map((event) => ({ ...event, bodyHash: sha256(textBytes(event.body)) }));
    await insertEvents(this.session, hashed);
  }

  async addRollups(changes: readonly RollupChange[]): Promise<void> {
    if (changes.length > 0) await appendRollupDeltas(this.session, changes, this.networks);
  }

  private behind(intents: readonly IntentRecord[]): IntentRecord[] {
    return intents.filter((intent) => this.storedSequence(intent) < intent.sequence - 1);
  }

  private storedSequence(intent: IntentRecord): number {
    const sequence = this.sequences.get(keyOf(intent));
    assert(sequence !== undefined, 'intents are locked before they are saved');
    return sequence;
  }
}

function keyOf({ bookId, intentId }: IntentKey): string {
  return `${bookId} ${intentId}`;
}

function subjectOf(key: { readonly bookId: number; readonly kind: string; readonly subjectId: string }): string {
  return `${key.bookId} ${key.kind} ${key.subjectId}`;
}

function textBytes(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}
