import { ChainUnavailable } from '@tollbook/usecases';
import { describe, expect, it } from 'vitest';
import { EvmRpcError } from './evm-rpc-error.js';
import { answerTooLarge, isRangeTooLarge } from './range-error.js';

const failure = (message: string) =>
  new ChainUnavailable('eip155:8453', 'eth_getLogs', { cause: new EvmRpcError(-32000, message, null) });

describe('isRangeTooLarge', () => {
  it.each([
    'query exceeds limits, this block range should work: [0x1, 0x2]',
    'You can make eth_getLogs requests with up to a 500 block range',
    'Query returned more than 10000 results. Try with this block range [0x1, 0x5]',
    'please retry with the range 1-500',
    'eth_getLogs is limited to a 10,000 range',
    'eth_getLogs is limited to 1024 block range. Please check the parameters',
    'Max range: 800',
    'Maximum allowed number of requested blocks is 1000',
    'block range exceeds the range allowed for your plan (600 > 100)',
    'please limit the query to at most 1000 blocks',
    'maximum block range: 2048',
    'exceed max block range: 50000',
    'block range greater than 10000 max',
    'query must be smaller than size 1024',
    'maximum [from, to] blocks distance: 2000',
    'eth_getLogs range is too large, max is 1k blocks',
    'block range too large',
    'no backend is currently healthy to serve traffic',
    'Block range is too large',
    'backend response too large',
    'block range is too wide',
    'Block range limit exceeded.',
    'query exceeds max results 20000, retry with the range 1-9',
    'logs matched by query exceeds limit of 10000',
    'response size should not greater than 10485760 bytes',
    'response is too big',
    'more than 10000 logs',
    'ranges over 10000 blocks are not supported on freetier',
    'range threshold exceeded',
    'exceeded max allowed',
  ])('knows: %s', (message) => {
    expect(isRangeTooLarge(failure(message))).toBe(true);
  });

  it.each([
    'block range extends beyond current head block',
    'requested to block is after last accepted block',
    'unknown block',
    'header not found',
    'exceed max addresses or topics per search position',
    'please specify less number of address',
    'query contains 300 filters',
    'sender is over rate limit',
    'your app has exceeded its compute units per second capacity',
    'daily request count exceeded, request rate limited',
    'execution reverted',
  ])('leaves alone: %s', (message) => {
    expect(isRangeTooLarge(failure(message))).toBe(false);
  });

  it('takes our own bound on answers for one, and silence for none', () => {
    expect(isRangeTooLarge(new ChainUnavailable('n', 'x', { cause: answerTooLarge(1) }))).toBe(true);
    expect(isRangeTooLarge(new ChainUnavailable('n', 'eth_getLogs: HTTP 429'))).toBe(false);
  });
});
