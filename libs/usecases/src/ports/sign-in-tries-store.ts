import type { SignInTries } from '@tollbook/domain';

/** Counts of failed sign-ins, shared by all processes. A subject is 32 bytes that stand for an account or address. */
export interface SignInTriesStore {
  /**
   * Hands what is known of the subjects, in their order, to `decide`, and keeps what it makes of them in the same
   * transaction; null keeps nothing. Nobody else changes these subjects meanwhile.
   */
  change<T>(
    subjects: readonly Uint8Array[],
    decide: (known: readonly (SignInTries | null)[]) => {
      readonly result: T;
      readonly tries: readonly SignInTries[] | null;
    },
  ): Promise<T>;
  /** Deletes what was last counted before a moment. */
  forget(beforeMs: number): Promise<void>;
}
