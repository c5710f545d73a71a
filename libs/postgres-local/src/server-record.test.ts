import { expect, it } from 'vitest';
import { parseServerRecord } from './server-record.js';

const passwords = { superuserPassword: 'one', loginPassword: 'two' };

it('reads passwords, and the port when there is one', () => {
  expect(parseServerRecord(JSON.stringify({ ...passwords, port: 5433 }))).toEqual({ ...passwords, port: 5433 });
  expect(parseServerRecord(JSON.stringify(passwords))).toEqual({ ...passwords, port: undefined });
});

it.each(['', '{"superuserPassword":"o', 'null', '[]', '{}', '{"superuserPassword":"","loginPassword":"two"}'])(
  'takes %j for damaged',
  (text) => {
    expect(parseServerRecord(text)).toBeUndefined();
  },
);
