import { describe, expect, it } from 'vitest';
import { originVerdict } from './own-origin.js';

const publicUrl = 'https://pay.example.com';
const host = 'localhost:4020';

describe('originVerdict', () => {
  it.each([
    [{ origin: 'https://pay.example.com', host }],
    [{ origin: 'http://localhost:4020', host }],
    [{ 'sec-fetch-site': 'same-origin', host }],
  ])('knows its own in %j', (headers) => {
    expect(originVerdict(headers, publicUrl)).toBe('own');
  });

  it.each([
    [{ origin: 'https://evil.example', host }],
    [{ origin: 'https://pay.example.com.evil.example', host }],
    [{ origin: 'http://pay.example.com', host }],
    [{ origin: 'http://localhost:4021', host }],
    [{ origin: 'null', host }],
    [{ origin: '', host }],
    [{ origin: 'https://evil.example', host, 'sec-fetch-site': 'same-origin' }],
    [{ 'sec-fetch-site': 'cross-site', host }],
    [{ 'sec-fetch-site': 'same-site', host }],
    [{ 'sec-fetch-site': 'none', host }],
  ])('knows others in %j', (headers) => {
    expect(originVerdict(headers, publicUrl)).toBe('foreign');
  });

  it.each(['http://localhost:4020', 'http://127.0.0.1:4020', 'http://[::1]:4020'])(
    'knows %s as one more name of the machine that it runs on',
    (origin) => {
      const sentTo = '127.0.0.1:4020';
      expect(originVerdict({ origin, host: sentTo }, 'http://127.0.0.1:4020')).toBe('own');
      expect(originVerdict({ origin, host: 'pay.example.com' }, publicUrl)).toBe('foreign');
      expect(originVerdict({ origin: origin.replace('4020', '4021'), host: sentTo }, 'http://localhost:4020')).toBe(
        'foreign',
      );
    },
  );

  it('cannot say for a program that sends neither', () => {
    expect(originVerdict({ host }, publicUrl)).toBe('unsaid');
  });
});
