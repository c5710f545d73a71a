import type { AttemptRecord, IntentRecord, StoredAnswer } from '@tollbook/usecases';
import type { HashedEvent } from '../statements/insert-events.js';

/** An intent with its one attempt as this process wrote them, and by what it is told that nobody else has since. */
export type KnownIntent = {
  readonly intent: IntentRecord;
  /** The transactions that wrote the rows. */
  readonly intentVersion: string;
  readonly attemptVersion: string;
  /** The database's clock, unix milliseconds, as far as this process can tell: never ahead of it. */
  readonly nowMs: () => number;
};

/** What is to be written of one payment, and what was known of it when that was decided. */
export type PlannedChange = {
  readonly known: KnownIntent;
  /** The attempt as it shall stand. */
  readonly attempt: AttemptRecord;
  /** The intent as it shall stand; null where it stays. */
  readonly intent: IntentRecord | null;
  readonly events: readonly HashedEvent[];
  readonly answers: readonly StoredAnswer[];
};
