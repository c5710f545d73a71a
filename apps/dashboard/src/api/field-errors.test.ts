import { expect, it } from 'vitest';
import { ApiProblem } from './api-problem.js';
import { fieldErrorsOf } from './field-errors.js';

const problem = (parameter: string | null) =>
  new ApiProblem(400, 'parameter_invalid', 'Wrong', 'is too long', parameter);

it('puts a refusal under the field that the server named', () => {
  expect(fieldErrorsOf(problem('reason'), ['amount', 'reason'])).toEqual({ reason: 'is too long' });
  expect(fieldErrorsOf(problem('networks.0'), ['networks'])).toEqual({ networks: 'is too long' });
});

it('leaves everything else to the form', () => {
  expect(fieldErrorsOf(problem('other'), ['amount'])).toEqual({});
  expect(fieldErrorsOf(problem(null), ['amount'])).toEqual({});
  expect(fieldErrorsOf(new Error('broken'), ['amount'])).toEqual({});
});

it('says in its own words what an empty field is for, and leaves other words as they are', () => {
  const empty = new ApiProblem(400, 'parameter_invalid', 'Wrong', 'The field "reason" is empty.', 'reason');
  expect(fieldErrorsOf(empty, ['reason'], { reason: 'Say why.' })).toEqual({ reason: 'Say why.' });
  expect(fieldErrorsOf(empty, ['reason'])).toEqual({ reason: 'The field "reason" is empty.' });
  expect(fieldErrorsOf(problem('reason'), ['reason'], { reason: 'Say why.' })).toEqual({ reason: 'is too long' });
});
