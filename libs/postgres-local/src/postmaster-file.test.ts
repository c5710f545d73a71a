import { describe, expect, it } from 'vitest';
import { parsePostmasterFile } from './postmaster-file.js';

describe('parsePostmasterFile', () => {
  it('reads process, start and port of a server that runs', () => {
    const content = '4321\n/data/cluster\n1795000000\n5433\n\n127.0.0.1\n  12345 678\nready   \n';
    expect(parsePostmasterFile(content)).toEqual({ pid: 4321, startedAtUnixSeconds: 1_795_000_000, port: 5433 });
  });

  it('reads the process of a server without connections, whose number is negative', () => {
    expect(parsePostmasterFile('-77\n/data\n1795000000\n5433\n\n')?.pid).toBe(77);
  });

  it.each(['', '4321', '4321\n/data\n1795000000\n54', 'x\n/data\n1795000000\n5433\n\n', '0\n/data\n1\n5433\n\n'])(
    'takes %j for incomplete',
    (content) => {
      expect(parsePostmasterFile(content)).toBeUndefined();
    },
  );
});
