import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { lineWriter } from './terminal.js';

describe('lineWriter', () => {
  it('bounds what waits for a reader that stopped reading, and says what it left out', () => {
    const taken: string[] = [];
    let resume: (() => void) | undefined;
    const stream = new Writable({
      decodeStrings: false,
      write(chunk: string, _encoding, done) {
        taken.push(chunk);
        if (taken.length === 1) resume = done;
        else done();
      },
    });
    const write = lineWriter(stream);
    const megabyte = 'x'.repeat(1024 * 1024);
    for (let line = 0; line < 20; line += 1) write(megabyte);
    expect(stream.writableLength).toBeLessThan(6 * 1024 * 1024);
    resume?.();
    write('after');
    expect(taken.slice(-2)).toEqual(['(16 lines were left out: nobody read them)\n', 'after\n']);
  });

  it('outlives a reader that went away', () => {
    const stream = new Writable({ write: (_chunk, _encoding, done) => done(new Error('EPIPE')) });
    const write = lineWriter(stream);
    expect(() => {
      write('one');
      write('two');
    }).not.toThrow();
  });
});
