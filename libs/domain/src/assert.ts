/** Thrown by `assert`: a bug in Tollbook, never bad input. It ends the request or job with no retry. */
export class AssertionFailed extends Error {
  override readonly name = 'AssertionFailed';
}

/** Promises that `condition` holds afterwards; throws `AssertionFailed` with `message` otherwise. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new AssertionFailed(message);
}
