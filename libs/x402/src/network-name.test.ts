import { describe, expect, it } from 'vitest';
import { fromV1Network, issuedV1Network, toV1Network } from './network-name.js';

describe('network names of x402 version 1', () => {
  it.each([
    ['base', 'eip155:8453'],
    ['base-sepolia', 'eip155:84532'],
    ['polygon', 'eip155:137'],
    ['polygon-amoy', 'eip155:80002'],
    ['ethereum', 'eip155:1'],
    ['avalanche', 'eip155:43114'],
    ['solana-devnet', 'solana:EtWTRABZaYq6iMfeYKouRu166VU2xqa1'],
  ])('reads %s as %s and writes it back', (name, caip2) => {
    expect(fromV1Network(name)).toBe(caip2);
    expect(toV1Network(caip2)).toBe(name);
  });

  it('passes on what is no version 1 name, CAIP-2 among it', () => {
    expect(fromV1Network('eip155:8453')).toBe('eip155:8453');
    expect(fromV1Network('constructor')).toBe('constructor');
    expect(toV1Network('eip155:42161')).toBe('eip155:42161');
  });

  it('issues only names that stock version 1 clients know', () => {
    expect(issuedV1Network('eip155:8453')).toBe('base');
    expect(issuedV1Network('eip155:1')).toBeNull();
    expect(issuedV1Network('eip155:42161')).toBeNull();
  });
});
