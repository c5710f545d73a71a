export type IdempotencyName = { readonly bookId: number; readonly route: string; readonly key: string };

/** What a key stands for when a request comes with it. */
export type IdempotencyState =
  /** The request is to be run. Its rows' ids follow from this moment, so that a second run meets them. */
  | { readonly kind: 'begun'; readonly createdAtMs: number }
  | { readonly kind: 'done'; readonly httpStatus: number; readonly responseSealed: Uint8Array }
  | { readonly kind: 'running' }
  /** The key was used with another body. */
  | { readonly kind: 'reused' };

/** Requests that may be repeated: each runs once, and its answer is kept for whoever asks again. */
export interface IdempotencyStore {
  /** Takes a key, anew or from a process that died with it. */
  begin(name: IdempotencyName, fingerprint: Uint8Array): Promise<IdempotencyState>;
  /** Keeps the answer. */
  finish(
    name: IdempotencyName,
    answer: { readonly httpStatus: number; readonly responseSealed: Uint8Array },
  ): Promise<void>;
  /** Gives the key back: nothing was done under it. */
  release(name: IdempotencyName): Promise<void>;
  /** Lets whoever repeats the request run it at once: nobody knows whether it was done. */
  lapse(name: IdempotencyName): Promise<void>;
}
