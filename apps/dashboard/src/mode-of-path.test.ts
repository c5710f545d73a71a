import { expect, it } from 'vitest';
import { modeOfPath } from './mode-of-path.js';

it('reads the mode from the first step of the path alone', () => {
  expect(modeOfPath('/test/payments')).toBe('test');
  expect(modeOfPath('/live')).toBe('live');
  expect(modeOfPath('/sign-in')).toBeNull();
  expect(modeOfPath('/testing')).toBeNull();
  expect(modeOfPath('/')).toBeNull();
});
