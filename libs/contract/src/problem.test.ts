import { failureReasons, invoiceRefusals, termsRefusals } from '@tollbook/domain';
import { describe, expect, it } from 'vitest';
import { problemOf, problemSchema } from './problem.js';
import { problems } from './problem-codes.js';

describe('problems', () => {
  it('gives every code a status that refuses and a title', () => {
    for (const [code, { status, title }] of Object.entries(problems)) {
      expect(code).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(title).not.toBe('');
    }
  });

  it('has every refusal that the domain can give', () => {
    expect(Object.keys(problems)).toEqual(expect.arrayContaining([...termsRefusals, ...invoiceRefusals]));
    // What ends an attempt and is told under another code: by the chain's proof, or to nobody.
    const proved = ['authorization_expired', 'reverted', 'transfer_orphaned'];
    const toldOtherwise = ['nonce_spent_elsewhere', 'interrupted', 'buyer_gone', ...proved];
    const told = failureReasons.filter((reason) => !toldOtherwise.includes(reason));
    expect(Object.keys(problems)).toEqual(expect.arrayContaining(told));
  });
});

describe('problemOf', () => {
  it('is the problem of a code, with what happened this time', () => {
    const problem = problemOf('block_not_confirmed', 'Block 100 has 1 of 2 blocks on top.');
    expect(problem).toEqual({
      type: 'urn:tollbook:problem:block_not_confirmed',
      title: 'The block is not confirmed yet',
      status: 409,
      code: 'block_not_confirmed',
      detail: 'Block 100 has 1 of 2 blocks on top.',
    });
    expect(problemSchema.parse(problem)).toEqual(problem);
  });
});

describe('problemSchema', () => {
  it('keeps members that stand beside the usual ones, and takes codes of later releases', () => {
    const problem = { ...problemOf('internal', ''), code: 'added_later', requestId: 'r1' };
    expect(problemSchema.parse(problem)).toEqual(problem);
  });
});
