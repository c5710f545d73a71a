/** The database did not answer in time. Nothing was decided; whoever asked may ask again. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
  readonly isRetryable = true;
}

/** The lease under which a worker wrote has passed to another: its transaction was rolled back whole. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
  readonly isRetryable = true;
}
