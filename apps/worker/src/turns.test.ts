import { describe, expect, it } from 'vitest';
import { Turns } from './turns.js';

/** A step that ends when the test says so. */
function heldStep() {
  let end: (error?: Error) => void = () => undefined;
  const held = new Promise<void>((resolve, reject) => {
    end = (error) => (error ? reject(error) : resolve());
  });
  return { held, end };
}

describe('Turns', () => {
  it('begins a step when the one before it with the same key has ended, and others at once', async () => {
    const turns = new Turns();
    const begun: string[] = [];
    const first = heldStep();
    const ends = [
      turns.take('base', () => first.held),
      turns.take('base', async () => void begun.push('second')),
      turns.take('polygon', async () => void begun.push('other')),
    ];
    await ends[2];
    expect(begun).toEqual(['other']);
    first.end();
    await Promise.all(ends);
    expect(begun).toEqual(['other', 'second']);
  });

  it('goes on after a step that failed, and passes its failure to whoever asked for it', async () => {
    const turns = new Turns();
    const first = heldStep();
    const failing = turns.take('base', () => first.held);
    const next = turns.take('base', async () => 7);
    first.end(new Error('the node is away'));
    await expect(failing).rejects.toThrow('the node is away');
    expect(await next).toBe(7);
  });

  it('tells how long a key has been quiet', async () => {
    const turns = new Turns();
    expect(turns.quietMs('base')).toBe(Number.POSITIVE_INFINITY);
    await turns.take('base', async () => undefined);
    expect(turns.quietMs('base')).toBeLessThan(1_000);
    expect(turns.quietMs('polygon')).toBe(Number.POSITIVE_INFINITY);
  });
});
