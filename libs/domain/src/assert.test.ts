import { describe, expect, it } from 'vitest';
import { AssertionFailed, assert } from './assert.js';
import { never } from './never.js';

describe('assert and never', () => {
  it('pass what holds and throw AssertionFailed with the message otherwise', () => {
    expect(() => assert(true, 'fine')).not.toThrow();
    expect(() => assert(false, 'debits equal credits')).toThrow(new AssertionFailed('debits equal credits'));
  });

  it('refuse a value that the compiler did not foresee', () => {
    expect(() => Reflect.apply(never, undefined, ['foreign'])).toThrow(AssertionFailed);
  });
});
