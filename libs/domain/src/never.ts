import { AssertionFailed } from './assert.js';

/** Ends every `switch` over a union: the compiler refuses a forgotten case, the runtime refuses a foreign value. */
export function never(value: never): never {
  throw new AssertionFailed(`unexpected value ${String(value)}`);
}
