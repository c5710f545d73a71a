import { describe, expect, it } from 'vitest';
import { noEndpointCaps, requestBytesOf, unkeepableCap } from './endpoint-caps.js';

const mebibyte = 1024 * 1024;
const caps = (changes: Partial<typeof noEndpointCaps>) => ({ ...noEndpointCaps, ...changes });

describe('unkeepableCap', () => {
  it('lets a request be as large as can be held, or handed on', () => {
    const largest = (requestBytesMax: number, settleMode: 'after' | 'before') =>
      unkeepableCap(caps({ requestBytesMax }), settleMode);
    expect([largest(16 * mebibyte, 'after'), largest(1024 * mebibyte, 'before'), largest(0, 'after')]).toEqual([
      null,
      null,
      null,
    ]);
    expect(largest(16 * mebibyte + 1, 'after')).toEqual({ cap: 'requestBytesMax', bytesMax: 16 * mebibyte });
    expect(largest(1024 * mebibyte + 1, 'before')).toEqual({ cap: 'requestBytesMax', bytesMax: 1024 * mebibyte });
  });

  it.each([-1, 0.5, Number.NaN, 16 * mebibyte + 1])('holds no %d bytes of an answer', (heldBytesMax) => {
    for (const mode of ['after', 'before'] as const) {
      expect(unkeepableCap(caps({ heldBytesMax }), mode)?.cap).toBe('heldBytesMax');
    }
  });
});

describe('requestBytesOf', () => {
  it('reads the whole body first where the upstream answers first', () => {
    expect(requestBytesOf(noEndpointCaps, 'after', 9)).toEqual({ heldMax: 9, totalMax: 9 });
    expect(requestBytesOf(caps({ requestBytesMax: 20 }), 'after', 9)).toEqual({ heldMax: 20, totalMax: 20 });
  });

  it('holds no more than the instance allows of what is paid first, and lets the rest come', () => {
    expect(requestBytesOf(noEndpointCaps, 'before', 9)).toEqual({ heldMax: 9, totalMax: 1024 * mebibyte });
    expect(requestBytesOf(caps({ requestBytesMax: 20 }), 'before', 9)).toEqual({ heldMax: 9, totalMax: 20 });
    expect(requestBytesOf(caps({ requestBytesMax: 4 }), 'before', 9)).toEqual({ heldMax: 4, totalMax: 4 });
  });
});
