import { describe, expect, it } from 'vitest';
import { canEnter } from './find-blocking-folder.js';

describe('canEnter', () => {
  const account = { uid: 65534, gid: 65534 };

  it.each([
    { mode: 0o755, uid: 0, gid: 0, expected: true },
    { mode: 0o711, uid: 0, gid: 0, expected: true },
    { mode: 0o700, uid: 0, gid: 0, expected: false },
    { mode: 0o750, uid: 0, gid: 65534, expected: true },
    { mode: 0o700, uid: 65534, gid: 0, expected: true },
    // The first class that applies decides, even when a later one would allow more.
    { mode: 0o077, uid: 65534, gid: 0, expected: false },
    { mode: 0o705, uid: 0, gid: 65534, expected: false },
  ])('of mode $mode owned by $uid:$gid is $expected', ({ expected, ...stats }) => {
    expect(canEnter(stats, account)).toBe(expected);
  });
});
