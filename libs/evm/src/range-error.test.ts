import { ChainUnavailable } from '@tollbook/usecases';
import { describe, expect, it } from 'vitest';
import { EvmRpcError } from './evm-rpc-error.js';
import { answerTooLarge, readRangeRefusal } from './range-error.js';

const failure = (message: string) =>
  new ChainUnavailable('eip155:8453', 'eth_getLogs', { cause: new EvmRpcError(-32000, message, null) });

describe('readRangeRefusal', () => {
  it.each<[string, bigint]>([
    ['query exceeds limits, this block range should work: [0x1, 0x2]', 2n],
    [
      'You can make eth_getLogs requests with up to a 500 block range. this block range should work: [0x64, 0x257]',
      500n,
    ],
    ['You can make eth_getLogs requests with up to a 500 block range', 500n],
    ['Query returned more than 10000 results. Try with this block range [0x1, 0x5].', 5n],
    ['please retry with the range 1-500', 500n],
    ['query exceeds max results 20000, retry with the range 101-109', 9n],
    ['eth_getLogs is limited to a 10,000 range', 10_000n],
    ['eth_getLogs is limited to a 10.000 range', 10_000n],
    ['eth_getLogs is limited to a 5 range', 5n],
    ['eth_getLogs is limited to 1024 block range. Please check the parameters', 1_024n],
    ['eth_getLogs is limited to 0 - 10000 blocks range', 10_000n],
    ['Max range: 800', 800n],
    ['Maximum allowed number of requested blocks is 1000', 1_000n],
    ['requested too many blocks from 1 to 5000, maximum is set to 2048', 2_048n],
    ['block range exceeds the range allowed for your plan (600 > 100)', 100n],
    ['please limit the query to at most 1000 blocks', 1_000n],
    ['maximum block range: 2048', 2_048n],
    ['exceed maximum block range: 50000', 50_000n],
    ['exceed max block range: 5000', 5_000n],
    ['query exceeds max block range 1000', 1_000n],
    ['block range greater than 10000 max', 10_000n],
    ['block range exceeds 1000', 1_000n],
    ['block range is too wide (maximum 1024)', 1_024n],
    ['query must be smaller than size 1024', 1_024n],
    ['maximum [from, to] blocks distance: 2000', 2_000n],
    ['maximum allowed is 1000 blocks', 1_000n],
    ['eth_getLogs range is too large, max is 1k blocks', 1_000n],
    ['eth_getLogs range is too large, max is 1k/10k blocks', 1_000n],
    ['ranges over 10000 blocks are not supported on freetier', 10_000n],
  ])('reads the number in: %s', (message, blocksMax) => {
    expect(readRangeRefusal(failure(message))).toEqual({ kind: 'too_many_blocks', blocksMax });
  });

  it.each<[string, bigint]>([
    ['block range too large', 2_000n],
    ['no backend is currently healthy to serve traffic', 2_000n],
    ['block range is too wide', 3_000n],
  ])('knows who says, and what they take: %s', (message, blocksMax) => {
    expect(readRangeRefusal(failure(message))).toEqual({ kind: 'too_many_blocks', blocksMax });
  });

  it.each([
    'Block range limit exceeded.',
    'eth_getLogs: Block range is too large',
    'backend response too large',
    'query returned more than 10000 results',
    'query exceeds max results 20000',
    'logs matched by query exceeds limit of 10000',
    'response size should not greater than 10485760 bytes',
    'response is too big',
    'more than 10000 logs',
    'range threshold exceeded',
    'exceeded max allowed',
    'block range exceeds the maximum',
    'eth_getLogs is limited to a 0 block range',
  ])('knows that fewer blocks are wanted, and finds out how many: %s', (message) => {
    expect(readRangeRefusal(failure(message))).toEqual({ kind: 'too_many_blocks', blocksMax: null });
  });

  it.each([
    'exceed max addresses or topics per search position',
    'exceed max topics',
    'please specify less number of address',
    'query contains 300 filters',
  ])('asks for fewer addresses, not fewer blocks: %s', (message) => {
    expect(readRangeRefusal(failure(message))).toEqual({ kind: 'too_many_values' });
  });

  it.each([
    'block range extends beyond current head block',
    'requested to block is after last accepted block',
    'unknown block',
    'header not found',
    'sender is over rate limit',
    'your app has exceeded its compute units per second capacity',
    'daily request count exceeded, request rate limited',
    'execution reverted',
  ])('leaves alone: %s', (message) => {
    expect(readRangeRefusal(failure(message))).toBeNull();
  });

  it('takes our own bound on answers for one, and silence for none', () => {
    const own = new ChainUnavailable('n', 'x', { cause: answerTooLarge(1) });
    expect(readRangeRefusal(own)).toEqual({ kind: 'too_many_blocks', blocksMax: null });
    expect(readRangeRefusal(new ChainUnavailable('n', 'eth_getLogs: HTTP 429'))).toBeNull();
  });
});
