import { expect, it } from 'vitest';
import { wantsJson } from './wants-json.js';

it.each([
  ['application/json', true],
  ['application/json, text/plain, */*', true],
  ['Application/JSON;charset=utf-8', true],
  ['text/html;q=0.5, application/json', true],
  [undefined, false],
  ['', false],
  ['*/*', false],
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', false],
  ['text/html, application/json', false],
  ['application/json;q=0', false],
])('reads %j as a wish for JSON: %s', (accept, isJson) => {
  expect(wantsJson(accept)).toBe(isJson);
});
