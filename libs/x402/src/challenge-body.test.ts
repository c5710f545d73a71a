import { describe, expect, it } from 'vitest';
import { challengeBody } from './challenge-body.js';

describe('challengeBody', () => {
  it('is a version 1 challenge and a problem in one object', () => {
    const problem = { type: 'urn:tollbook:problem:payment_required', status: 402, detail: 'Pay "0.01" USDC.' };
    const body = challengeBody('payment_required', '[{"a":1}]', JSON.stringify(problem));
    expect(JSON.parse(body)).toEqual({ x402Version: 1, error: 'payment_required', accepts: [{ a: 1 }], ...problem });
  });
});
