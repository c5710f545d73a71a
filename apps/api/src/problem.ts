import { type ProblemCode, problemOf } from '@tollbook/contract';

/** A refusal of the merchant API, thrown by guards, pipes and controllers and written by the one filter. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(
    readonly code: ProblemCode,
    readonly detail: string,
    readonly extras: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail);
  }

  body() {
    return { ...problemOf(this.code, this.detail), ...this.extras };
  }
}
