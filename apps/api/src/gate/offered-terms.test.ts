import { buildTerms } from '@tollbook/testing';
import { describe, expect, it } from 'vitest';
import { offeredTerms } from './offered-terms.js';

describe('the terms that are offered', () => {
  const [entry] = buildTerms().networks;
  if (!entry) throw new Error('terms have a network');
  const networks = ['eip155:8453', 'eip155:137', 'eip155:1'].map((network) => ({ ...entry, network }));
  const terms = buildTerms({ networks });
  const openOn = (...open: string[]) => offeredTerms(terms, (network) => open.includes(network));

  it('are the terms themselves while every network is open', () => {
    expect(openOn('eip155:1', 'eip155:137', 'eip155:8453')).toBe(terms);
  });

  it('leave out what is closed, in the merchant’s order and under the same number', () => {
    const offered = openOn('eip155:1', 'eip155:8453');
    expect(offered).toEqual({ ...terms, networks: [networks[0], networks[2]] });
    expect(openOn('eip155:1', 'eip155:8453')).toBe(offered);
    expect(openOn('eip155:137')?.networks).toEqual([networks[1]]);
  });

  it('are none where everything is closed', () => {
    expect(openOn()).toBeNull();
  });
});
