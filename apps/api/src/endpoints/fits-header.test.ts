import { buildTerms } from '@tollbook/testing';
import { expect, it } from 'vitest';
import { fitsHeader } from './fits-header.js';

const gateSlug = 'demo';
const fits = (path: string, description: string) =>
  fitsHeader('https://pay.example', { terms: buildTerms(), gateSlug, path, description });

it('lets through what fits with a path that is filled in', () => {
  expect(fits('/weather', '')).toBe(true);
  expect(fits('/quotes/:symbol', 'A quote')).toBe(true);
});

it('refuses what proxies would cut off', () => {
  expect(fits('/weather', '天'.repeat(800))).toBe(false);
  expect(fits(`/${'p'.repeat(1_800)}`, 'x')).toBe(true);
  expect(fits(`/:a/${'p'.repeat(1_800)}`, 'x')).toBe(false);
});
