import { readFileSync } from 'node:fs';
import { type Abi, domainSeparator, toEventSelector, toFunctionSelector } from 'viem';
import { describe, expect, it } from 'vitest';
import { devUsdAbi, usdcDomain } from './dev-usd.js';

describe('devUsdAbi', () => {
  it('names only what the compiled token has', () => {
    const { abi }: { abi: Abi } = JSON.parse(
      readFileSync(new URL('../contracts/DevUsd.json', import.meta.url), 'utf8'),
    );
    expect(selectors(abi)).toEqual(expect.arrayContaining(selectors(devUsdAbi)));
  });
});

describe('usdcDomain', () => {
  it('is the domain of the real USDC on Base Sepolia', () => {
    const separator = domainSeparator({ domain: usdcDomain(84532) });
    expect(separator).toBe('0x71f17a3b2ff373b803d70a5a07c046c1a2bc8e89c09ef722fcb047abe94c9818');
  });
});

function selectors(abi: Abi): string[] {
  return abi.flatMap((item) => {
    if (item.type === 'function') return [toFunctionSelector(item)];
    return item.type === 'event' ? [toEventSelector(item)] : [];
  });
}
