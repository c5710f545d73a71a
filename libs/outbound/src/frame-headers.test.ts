import { expect, it } from 'vitest';
import { frameHeaders, readHeaders } from './frame-headers.js';

it('keeps order and repeated fields, and adds our name', () => {
  const fields = [
    ['X-One', '1'],
    ['x-two', '2'],
    ['X-One', '3'],
  ] as const;
  expect(frameHeaders(fields, 'Tollbook', false)).toEqual([
    'X-One',
    '1',
    'x-two',
    '2',
    'X-One',
    '3',
    'user-agent',
    'Tollbook',
  ]);
});

it('leaves the name that the caller gives', () => {
  expect(frameHeaders([['User-Agent', 'mine']], 'Tollbook', false)).toEqual(['User-Agent', 'mine']);
});

it('drops what frames or routes the message', () => {
  const fields = ['Host', 'Connection', 'Transfer-Encoding', 'Expect', 'Upgrade', 'TE'].map(
    (name) => [name, 'x'] as const,
  );
  expect(frameHeaders(fields, 'Tollbook', true)).toEqual(['user-agent', 'Tollbook']);
});

it('keeps the length of a streamed body, and leaves that of a buffer to be counted', () => {
  const fields = [['Content-Length', '5']] as const;
  expect(frameHeaders(fields, 'Tollbook', true)).toContain('Content-Length');
  expect(frameHeaders(fields, 'Tollbook', false)).not.toContain('Content-Length');
});

it('reads raw fields in order, with lower-case names and every byte kept', () => {
  const raw = ['Set-Cookie', 'a=1', 'X-Name', 'caf\u00e9', 'set-cookie', 'b=2'].map((text) =>
    Buffer.from(text, 'latin1'),
  );
  expect(readHeaders(raw)).toEqual([
    ['set-cookie', 'a=1'],
    ['x-name', 'caf\u00e9'],
    ['set-cookie', 'b=2'],
  ]);
});
