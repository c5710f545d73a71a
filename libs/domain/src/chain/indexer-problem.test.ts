import { describe, expect, it } from 'vitest';
import {
  behindSecondsMax,
  findingToldMs,
  type IndexerSight,
  indexerLag,
  indexerProblem,
  nodeAwayMs,
} from './indexer-problem.js';

const buildSight = (changes: Partial<IndexerSight> = {}): IndexerSight => ({
  chainHeadNumber: 100n,
  answeredMsAgo: 500,
  indexedNumber: 100n,
  isFrozen: false,
  isRefused: false,
  blockMs: 2_000,
  ghostsMsAgo: null,
  leftOutMsAgo: null,
  finalNumber: 50n,
  finalSeconds: 1_200,
  ...changes,
});

describe('indexerLag', () => {
  it('counts the blocks that are not read yet, and the time the chain takes for them', () => {
    expect(indexerLag(buildSight({ indexedNumber: 97n }))).toEqual({ blocks: 3, seconds: 6 });
  });

  it('is none where the node is lower than what was read', () => {
    expect(indexerLag(buildSight({ indexedNumber: 101n }))).toEqual({ blocks: 0, seconds: 0 });
  });

  it.each([{ indexedNumber: null }, { chainHeadNumber: null }])('is not known without both heights', (changes) => {
    expect(indexerLag(buildSight(changes))).toBeNull();
  });
});

describe('indexerProblem', () => {
  const behind = { indexedNumber: 100n - BigInt(behindSecondsMax / 2) - 1n };

  it('is none while the books are level with the chain, or a little back', () => {
    expect(indexerProblem(buildSight())).toBeNull();
    expect(indexerProblem(buildSight({ indexedNumber: behind.indexedNumber + 1n }))).toBeNull();
  });

  it('calls finality late beyond three times its usual age, and a quarter of an hour', () => {
    const far = { chainHeadNumber: 10_000n, indexedNumber: 10_000n };
    expect(indexerProblem(buildSight({ ...far, finalNumber: 8_200n }))).toBeNull();
    expect(indexerProblem(buildSight({ ...far, finalNumber: 8_199n }))).toBe('finality_late');
    expect(indexerProblem(buildSight({ ...far, finalNumber: 9_550n, finalSeconds: 2 }))).toBeNull();
    expect(indexerProblem(buildSight({ ...far, finalNumber: 9_549n, finalSeconds: 2 }))).toBe('finality_late');
  });

  it('tells for a day what a second reading found', () => {
    expect(indexerProblem(buildSight({ leftOutMsAgo: findingToldMs }))).toBe('logs_left_out');
    expect(indexerProblem(buildSight({ leftOutMsAgo: findingToldMs + 1 }))).toBeNull();
    expect(indexerProblem(buildSight({ ghostsMsAgo: findingToldMs + 1 }))).toBeNull();
  });

  it.each([
    ['ghosts', { ghostsMsAgo: 1, answeredMsAgo: null, ...behind }],
    ['frozen', { isFrozen: true, isRefused: true, answeredMsAgo: null }],
    ['node_refused', { isRefused: true, answeredMsAgo: Number.POSITIVE_INFINITY }],
    ['not_read', { answeredMsAgo: null, ...behind }],
    ['node_away', { answeredMsAgo: nodeAwayMs + 1, ...behind }],
    ['behind', behind],
  ])('tells %s before anything that is less', (problem, changes) => {
    expect(indexerProblem(buildSight(changes))).toBe(problem);
  });
});
