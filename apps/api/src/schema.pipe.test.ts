import { booksProofQuerySchema, discrepancyListQuerySchema } from '@tollbook/contract';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ProblemError } from './problem.js';
import { SchemaPipe } from './schema.pipe.js';

const bodySchema = z.strictObject({
  network: z.string(),
  amount: z.string().min(1),
  step: z.literal('one').optional(),
});

function refusalOf(schema: z.ZodType, value: unknown, type: 'body' | 'query') {
  try {
    new SchemaPipe(schema).transform(value, { type });
  } catch (error) {
    if (error instanceof ProblemError) return { code: error.code, detail: error.detail, ...error.extras };
    throw error;
  }
  throw new Error('it was taken');
}

describe('SchemaPipe', () => {
  it('gives what the schema makes of it', () => {
    const pipe = new SchemaPipe(booksProofQuerySchema);
    const query = { network: 'eip155:84532', block: '7' };
    expect(pipe.transform(query, { type: 'query' })).toEqual({ ...query, block: 7 });
  });

  it.each([
    [{ amount: '1' }, 'network', 'The field "network" is missing.'],
    [{ network: 5, amount: '1' }, 'network', 'The field "network" has a wrong value: expected string.'],
    [{ network: null, amount: '1' }, 'network', 'The field "network" has a wrong value: expected string.'],
    [{ network: 'n', amount: '' }, 'amount', 'The field "amount" has a wrong value.'],
    [{ network: 'n', amount: '1', step: 'two' }, 'step', 'The field "step" has a wrong value: expected one.'],
  ])('says of the body %j what is wrong with "%s"', (body, parameter, detail) => {
    expect(refusalOf(bodySchema, body, 'body')).toEqual({ code: 'parameter_invalid', parameter, detail });
  });

  it.each([undefined, null, 'text', [1], 7])('wants an object for a body, not %j', (body) => {
    expect(refusalOf(bodySchema, body, 'body')).toEqual({
      code: 'parameter_invalid',
      detail: 'The body must be a JSON object.',
    });
  });

  it('names what it does not know', () => {
    const detail = 'The parameter "colour" is not known here.';
    const body = { network: 'n', amount: '1', colour: 'red' };
    expect(refusalOf(bodySchema, body, 'body')).toEqual({ code: 'parameter_unknown', parameter: 'colour', detail });
  });

  it.each([
    [{ limit: '0' }, 'parameter_invalid', 'The parameter "limit" must be a whole number from 1 to 100.'],
    [{ limit: ['1', '2'] }, 'parameter_invalid', 'The parameter "limit" has a wrong value: expected string.'],
    [{ after: '?' }, 'cursor_invalid', 'The parameter "after" must be the nextCursor of an earlier answer.'],
    [{ status: 'x' }, 'parameter_invalid', 'The parameter "status" has a wrong value: expected one of open, closed.'],
  ])('keeps the contract’s own words for the query %j', (query, code, detail) => {
    expect(refusalOf(discrepancyListQuerySchema, query, 'query')).toMatchObject({ code, detail });
  });

  it('keeps the words of a rule about two parameters', () => {
    expect(refusalOf(booksProofQuerySchema, { block: '7' }, 'query')).toEqual({
      code: 'parameter_invalid',
      parameter: 'network',
      detail: 'The parameter "network" is needed where a block, a wallet or an asset is named.',
    });
  });
});
