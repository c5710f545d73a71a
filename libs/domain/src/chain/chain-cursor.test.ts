import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BlockHeader, commonAncestor, isLinked, planScan } from './chain-cursor.js';

type Point = Pick<BlockHeader, 'number' | 'hash'>;

const point = (number: bigint, fork = 'a'): Point => ({ number, hash: `0x${fork}${number}` });
const header = (number: bigint, fork = 'a', parentFork = fork): BlockHeader => ({
  ...point(number, fork),
  parentHash: `0x${parentFork}${number - 1n}`,
  timeUnixSeconds: 1_795_000_000 + Number(number) * 2,
});
const ours = { head: point(100n), final: point(40n) };

describe('planScan', () => {
  it.each([
    ['is idle while the node stands where we do', 100n, '0xa100', 10n, { kind: 'idle' }],
    ['reads on from the block after ours', 101n, '0xa100', 10n, { kind: 'advance', fromNumber: 101n, toNumber: 101n }],
    [
      'reads up to the head where it is near',
      110n,
      '0xa100',
      10n,
      { kind: 'advance', fromNumber: 101n, toNumber: 110n },
    ],
    [
      'reads no more than the limit at once',
      111n,
      '0xa100',
      10n,
      { kind: 'advance', fromNumber: 101n, toNumber: 110n },
    ],
    ['reads one block at a time if told so', 500n, '0xa100', 1n, { kind: 'advance', fromNumber: 101n, toNumber: 101n }],
    ['waits for a node with fewer blocks: that is no evidence of a reorg', 99n, null, 10n, { kind: 'node_behind' }],
    ['waits for a node that does not have our block yet', 105n, null, 10n, { kind: 'node_behind' }],
    ['waits for a shorter node even if it shows another block', 99n, '0xb100', 10n, { kind: 'node_behind' }],
    ['rewinds where the node has another block at our height', 100n, '0xb100', 10n, { kind: 'rewind' }],
    ['rewinds before it reads on', 150n, '0xb100', 10n, { kind: 'rewind' }],
  ])('%s', (_, headNumber, hashAtOurHead, blocksMax, expected) => {
    expect(planScan(ours, { headNumber, hashAtOurHead }, blocksMax)).toEqual(expected);
  });

  it('covers every block exactly once, whatever the limit and however the head moves (I10)', () => {
    const heads = fc.array(fc.bigInt({ min: 90n, max: 160n }), { maxLength: 10 });
    fc.assert(
      fc.property(heads, fc.bigInt({ min: 1n, max: 20n }), (headNumbers, blocksMax) => {
        let head = 100n;
        for (const headNumber of headNumbers) {
          const node = { headNumber, hashAtOurHead: headNumber < head ? null : point(head).hash };
          const plan = planScan({ ...ours, head: point(head) }, node, blocksMax);
          if (plan.kind !== 'advance') continue;
          expect(plan.fromNumber).toBe(head + 1n);
          expect(plan.toNumber >= plan.fromNumber && plan.toNumber <= headNumber).toBe(true);
          expect(plan.toNumber - plan.fromNumber < blocksMax).toBe(true);
          head = plan.toNumber;
        }
      }),
    );
  });
});

describe('commonAncestor', () => {
  const node = new Map([98n, 99n].map((number) => [number, point(number).hash]));

  it('is the newest of our headers that the node still has, in whatever order they are listed', () => {
    const headers = [100n, 98n, 99n, 97n].map((number) => point(number));
    expect(commonAncestor(headers, node)).toEqual({ kind: 'found', ancestor: point(99n) });
    expect(commonAncestor([...headers].reverse(), node)).toEqual({ kind: 'found', ancestor: point(99n) });
  });

  it('compares hashes, not heights', () => {
    expect(commonAncestor([point(98n), point(99n, 'b')], node)).toEqual({ kind: 'found', ancestor: point(98n) });
  });

  it('lies beyond the window where the node has none of our headers', () => {
    expect(commonAncestor([point(98n, 'b'), point(99n, 'b')], node)).toEqual({ kind: 'beyond_window' });
    expect(commonAncestor([], node)).toEqual({ kind: 'beyond_window' });
    expect(commonAncestor([point(98n)], new Map())).toEqual({ kind: 'beyond_window' });
  });

  it('finds the block where any two forks part', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 20n }), fc.bigInt({ min: 0n, max: 20n }), (length, fork) => {
        const numbers = Array.from({ length: Number(length) }, (_, at) => BigInt(at));
        const theirs = new Map(numbers.map((number) => [number, point(number, number <= fork ? 'a' : 'b').hash]));
        const found = commonAncestor(
          numbers.map((number) => point(number)),
          theirs,
        );
        expect(found).toEqual({ kind: 'found', ancestor: point(fork < length ? fork : length - 1n) });
      }),
    );
  });
});

describe('isLinked', () => {
  it('holds for headers that follow on their parent one by one, and for none at all', () => {
    expect(isLinked(point(100n), [header(101n), header(102n), header(103n)])).toBe(true);
    expect(isLinked(point(100n), [])).toBe(true);
  });

  it.each([
    ['a gap', [header(101n), header(103n)]],
    ['a repeated block', [header(101n), header(101n)]],
    ['the wrong order', [header(102n), header(101n)]],
    ['a first block on another parent', [header(101n, 'b', 'b')]],
    ['a fork within', [header(101n), header(102n, 'b')]],
    ['a block that skips its parent', [header(102n)]],
  ])('fails for %s', (_, headers) => {
    expect(isLinked(point(100n), headers)).toBe(false);
  });

  it('accepts a fork that starts at the parent itself', () => {
    expect(isLinked(point(100n), [header(101n, 'b', 'a'), header(102n, 'b')])).toBe(true);
  });
});
