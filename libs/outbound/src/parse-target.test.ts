import { expect, it } from 'vitest';
import { parseTarget } from './parse-target.js';

it.each([
  ['http://example.com', 'http://example.com', '/'],
  ['https://EXAMPLE.com:443/a b?c=d#e', 'https://example.com', '/a%20b?c=d'],
  ['https://example.com:8443/?x', 'https://example.com:8443', '/?x'],
  ['http://0177.0.0.1/', 'http://127.0.0.1', '/'],
  ['http://[::ffff:127.0.0.1]:80/', 'http://[::ffff:7f00:1]', '/'],
])('reads %s', (url, origin, path) => {
  expect(parseTarget(url)).toEqual({ origin, path });
});

it.each([
  '',
  'example.com',
  '//example.com',
  'ftp://example.com',
  'file:///etc/passwd',
  'http://',
  'http://user@example.com',
  'https://:secret@example.com',
  'http://1.2.3.256/',
  'http://example.com:0/',
  'http://example.com:65536/',
  'javascript:alert(1)',
])('refuses %j as a URL', (url) => {
  expect(() => parseTarget(url)).toThrow(expect.objectContaining({ code: 'invalid_url', isSent: false }));
});
