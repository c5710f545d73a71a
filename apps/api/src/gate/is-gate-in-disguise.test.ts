import { expect, it } from 'vitest';
import { isGateInDisguise } from './is-gate-in-disguise.js';

it.each([
  '//g/demo/weather',
  '/G/demo/weather',
  '/g\\demo/weather',
  '\\g/demo/weather',
  '/x/%2e%2e/g/demo/weather',
  '/x/../g/demo/weather',
  '/./g/demo/weather',
  '/%67/demo/weather',
  '/g%2fdemo/weather',
  '/g;a=1/demo/weather?q=1',
  'http://a.example/g/demo/weather',
  'https://x',
  'x',
])('takes no %s for another path', (target) => {
  expect(isGateInDisguise(target)).toBe(true);
});

it.each([
  '/g/demo/weather',
  '/g/demo/Weather',
  '/',
  '*',
  '/payments/g/demo',
  '/assets/g.js',
  '/v1/x?to=//g/demo',
  '/g',
])('leaves %s alone', (target) => {
  expect(isGateInDisguise(target)).toBe(false);
});
