import { expect, it } from 'vitest';
import { buildBooksProofRow } from '../test/build-payment.js';
import { healthSchema } from './health.js';

const at = '2026-11-20T09:00:00.000Z';

const network = {
  network: 'eip155:84532',
  state: 'ok',
  reason: null,
  frozenReason: null,
  refusal: null,
  chainHead: 120,
  answeredAt: at,
  headMovedAt: at,
  heads: 'socket',
  indexed: 120,
  indexedBlockTime: at,
  confirmed: 118,
  final: 100,
  confirmDepth: 2,
  lagBlocks: 0,
  lagSeconds: 0,
  checks: [
    {
      kind: 'overlap',
      through: 120,
      checkedAt: at,
      isOtherNode: true,
      found: 1,
      foundAt: at,
      leftOut: 0,
      leftOutAt: null,
      ghosts: 0,
      ghostsAt: null,
    },
  ],
  rpc: [
    {
      name: 'node 1',
      windowSeconds: 900,
      requests: 40,
      errors: 1,
      lastErrorAt: at,
      lastError: 'HTTP 429',
      refusal: null,
      monthCalls: 1_200,
      monthForecast: 40_000,
    },
  ],
};

const scorecard = {
  sinceDays: 7,
  sent: 4,
  confirmed: 3,
  latencyMsP50: 12,
  latencyMsP95: 40,
  everUnknown: 1,
  unknownNow: 0,
  unknownShare: 0.25,
  saidDoneNeverSeen: 0,
  saidNoButCame: 0,
  saidOtherHash: 0,
  lastSettledAt: at,
};

const health = {
  state: 'ok',
  mode: 'test',
  checkedAt: at,
  networks: [network],
  processes: { state: 'ok', reason: null, data: [{ kind: 'worker', startedAt: at, seenAt: at }] },
  facilitators: {
    state: 'ok',
    reason: null,
    data: [
      {
        id: null,
        kind: 'built_in',
        name: 'Built in',
        state: 'ready',
        reason: null,
        networks: ['eip155:84532'],
        scorecard,
      },
    ],
  },
  gas: {
    state: 'warning',
    reason: 'low',
    data: [
      {
        network: 'eip155:84532',
        address: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
        state: 'warning',
        balance: '0.0001',
        balanceAtomic: '100000000000000',
        minimum: '0.001',
        readAt: at,
      },
    ],
  },
  queues: {
    state: 'ok',
    reason: null,
    backend: 'postgres',
    countedAt: at,
    data: [{ name: 'chain', waiting: 1, active: 0, delayed: 0, failed: 0 }],
  },
  schedules: [
    {
      name: 'sweep',
      state: 'ok',
      reason: null,
      everySeconds: 5,
      lastStartedAt: at,
      lastFinishedAt: at,
      outcome: 'done',
      counts: { resent: 1 },
      nextAt: at,
    },
  ],
  books: {
    state: 'ok',
    reason: null,
    checkedAt: at,
    data: [{ ...buildBooksProofRow(), symbol: 'USDC', decimals: 6, provedAt: at }],
  },
};

it('takes a healthy instance', () => {
  expect(healthSchema.parse(health)).toEqual(health);
});

it('takes an instance of which nothing is known yet', () => {
  const heights = { chainHead: null, indexed: null, confirmed: null, final: null, lagBlocks: null, lagSeconds: null };
  const times = { answeredAt: null, headMovedAt: null, indexedBlockTime: null };
  const unread = { ...network, ...heights, ...times, state: 'warning', reason: 'not_read', rpc: [] };
  const unknown = {
    ...health,
    state: 'failing',
    networks: [unread],
    processes: { state: 'failing', reason: 'no_worker', data: [] },
    queues: { state: 'warning', reason: 'not_counted', backend: null, countedAt: null, data: [] },
    schedules: [],
    books: { state: 'warning', reason: 'not_proved', checkedAt: null, data: [] },
  };
  expect(healthSchema.parse(unknown)).toEqual(unknown);
});

it.each([
  { state: 'green' },
  { networks: [{ ...network, lagBlocks: -1 }] },
  { books: { ...health.books, data: [{}] } },
])('refuses %j', (changes) => {
  expect(healthSchema.safeParse({ ...health, ...changes }).success).toBe(false);
});
