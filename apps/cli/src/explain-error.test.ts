import { ConfigError } from '@tollbook/config';
import { StoreUnavailable } from '@tollbook/usecases';
import { describe, expect, it } from 'vitest';
import { CliError } from './cli-error.js';
import { explainError, reasonOf } from './explain-error.js';

describe('explainError', () => {
  it('exits with 2 and no stack for a bad setting', () => {
    const error = new ConfigError([{ variable: 'PORT', problem: 'must be a number', example: '4020' }]);
    expect(explainError(error)).toEqual({ text: 'PORT must be a number. Example: PORT=4020', exitCode: 2 });
  });

  it('adds causes, each once, to what a typed error says', () => {
    const cause = new Error('connect ECONNREFUSED', { cause: new Error('connect ECONNREFUSED') });
    const { text, exitCode } = explainError(new StoreUnavailable('the database is away', { cause }));
    expect(text).toMatch(/^the database is away\n {2}because: connect ECONNREFUSED/);
    expect(exitCode).toBe(1);
  });

  it('takes the exit code of a command’s own error', () => {
    expect(explainError(new CliError('no', {}, 3))).toEqual({ text: 'no', exitCode: 3 });
  });

  it('shows the stack of a bug', () => {
    expect(explainError(new TypeError('x is undefined')).text).toContain('explain-error.test.ts');
  });
});

describe('reasonOf', () => {
  it('finds the words in an error of several addresses and in one without a message', () => {
    const refused = Object.assign(new Error(''), { code: 'ECONNREFUSED' });
    expect(reasonOf(new AggregateError([refused]))).toBe('ECONNREFUSED');
  });
});
