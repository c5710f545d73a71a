import { expect, it } from 'vitest';
import { isChargeable } from './is-chargeable.js';

it.each([200, 201, 204, 206, 299])('sells an answer with status %d', (httpStatus) => {
  expect(isChargeable({ httpStatus })).toBe(true);
});

it.each([101, 199, 300, 302, 304, 400, 402, 404, 429, 500, 503])('sells no answer with status %d', (httpStatus) => {
  expect(isChargeable({ httpStatus })).toBe(false);
});
