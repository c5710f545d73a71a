import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeptStream } from './kept-stream.js';

/** A stream of pieces, that breaks after them where it is told to. */
function source(pieces: readonly Uint8Array[], breaks = false) {
  const left = [...pieces];
  const stream = {
    isCanceled: false,
    next: async () => {
      const piece = left.shift();
      if (piece === undefined && breaks) throw new Error('reset');
      return piece ?? null;
    },
    cancel: () => {
      stream.isCanceled = true;
    },
  };
  return stream;
}

const bodies = fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 }), { maxLength: 8 });

describe('KeptStream', () => {
  it('keeps exactly what came, wherever its reader stopped, unless that is too much', async () => {
    await fc.assert(
      fc.asyncProperty(bodies, fc.nat(9), fc.nat(200), async (pieces, reads, max) => {
        const kept = new KeptStream(source(pieces), max);
        for (let at = 0; at < reads; at += 1) if ((await kept.next()) === null) break;
        const whole = Buffer.concat(pieces);
        expect(await kept.finish()).toEqual(whole.length > max ? null : new Uint8Array(whole));
        expect(kept.isBroken).toBe(false);
      }),
    );
  });

  it('stops the upstream when nobody reads and nothing is kept', async () => {
    const large = source([new Uint8Array(10), new Uint8Array(10), new Uint8Array(10)]);
    const kept = new KeptStream(large, 15);
    await kept.next();
    expect(await kept.finish()).toBeNull();
    expect(large.isCanceled).toBe(true);
  });

  it('keeps nothing of an answer that broke off', async () => {
    const kept = new KeptStream(source([new Uint8Array(3)], true), 100);
    expect(await kept.next()).toHaveLength(3);
    await expect(kept.next()).rejects.toThrow('reset');
    expect([await kept.finish(), kept.isBroken]).toEqual([null, true]);
  });
});
