import { discrepancyKinds } from '@tollbook/domain';
import { expect, it } from 'vitest';
import { flagsOf } from './flags-of.js';

it('asks for one kind, for several, for all of them, or for none', () => {
  expect(flagsOf(undefined)).toEqual([]);
  expect(flagsOf('late')).toEqual(['late']);
  expect(flagsOf(['late', 'short'])).toEqual(['late', 'short']);
  expect(flagsOf(['late', 'any'])).toEqual(discrepancyKinds);
});
