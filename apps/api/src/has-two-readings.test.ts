import { describe, expect, it } from 'vitest';
import { hasTwoReadings } from './has-two-readings.js';

const read = (coding: string | undefined, ...names: string[]) =>
  hasTwoReadings({
    headers: coding === undefined ? {} : { 'transfer-encoding': coding },
    rawHeaders: names.flatMap((name) => [name, 'x']),
    httpVersion: '1.1',
  });

describe('a request', () => {
  it.each([undefined, 'chunked', 'Chunked'])('has one reading with one Host and the coding %s', (coding) => {
    expect(read(coding, 'Host', 'Accept', 'Cost')).toBe(false);
  });

  it.each(['xchunked', 'gzip, chunked', 'chunked, chunked', 'identity', ''])(
    'has two with the coding %j (A31)',
    (coding) => {
      expect(read(coding, 'Host')).toBe(true);
    },
  );

  it('has none without a Host, but for HTTP/1.0', () => {
    expect(read(undefined, 'Accept')).toBe(true);
    expect(hasTwoReadings({ headers: {}, rawHeaders: [], httpVersion: '1.0' })).toBe(false);
  });

  it('has two with two Hosts (A32)', () => {
    expect(read(undefined, 'Host', 'HOST')).toBe(true);
  });
});
