import { describe, expect, it } from 'vitest';
import type { Catalog } from './catalog.js';
import type { HealthRecord, NodeSight, ScheduleSight, StoredWorkerReport } from './ports/health-store.js';
import { readHealth } from './read-health.js';

const nowMs = 1_795_000_000_000;
const network = 'eip155:84532';
const networkOf = (name: string, mode: 'test' | 'live') => ({
  networkId: mode === 'test' ? 1 : 2,
  network: name,
  mode,
  family: 'evm' as const,
  blockMs: 2_000,
  confirmDepth: 2,
  hasSafeTag: true,
  finalSeconds: 1_200,
  reorgBlocks: 1,
});
const catalog: Catalog = { networks: [networkOf(network, 'test'), networkOf('eip155:8453', 'live')], assets: [] };

const buildNode = (changes: Partial<NodeSight> = {}): NodeSight => ({
  network,
  name: 'node 1',
  headNumber: 100n,
  answeredAtMs: nowMs - 400,
  isTold: false,
  headMovedAtMs: nowMs - 1_500,
  windowSeconds: 900,
  requests: 50,
  errors: 0,
  lastErrorAtMs: null,
  lastError: null,
  refusal: null,
  ...changes,
});
const buildSchedule = (changes: Partial<ScheduleSight> = {}): ScheduleSight => ({
  name: 'books-proof',
  everyMs: 60_000,
  last: { startedAtMs: nowMs - 30_000, finishedAtMs: nowMs - 29_000, outcome: 'done', counts: { wallets: 1 } },
  ...changes,
});
const buildReport = (changes: Partial<StoredWorkerReport> = {}): StoredWorkerReport => ({
  startedAtMs: nowMs - 3_600_000,
  seenAtMs: nowMs - 2_000,
  hasEnded: false,
  queueBackend: 'postgres',
  queues: [{ name: 'chain', waiting: 2, active: 1, delayed: 0, failed: 0 }],
  nodes: [buildNode()],
  gas: [],
  schedules: [buildSchedule()],
  ...changes,
});
const heights = {
  network,
  headNumber: 100n,
  headTimeMs: nowMs - 3_000,
  confirmedNumber: 98n,
  finalNumber: 60n,
  frozenReason: null,
};
const proof = {
  blockNumber: 60n,
  openingAtomic: 0n,
  inAtomic: 10n,
  outAtomic: 0n,
  closingAtomic: 10n,
  onChainAtomic: 10n,
  differenceAtomic: 0n,
  provedAtMs: nowMs - 7_200_000,
};
const proved = { network, wallet: '0x61', assetId: 1, proof };
const gate = { startedAtMs: nowMs - 60_000, seenAtMs: nowMs - 1_000 };

function health(
  changes: Partial<HealthRecord> = {},
  scope: Parameters<typeof readHealth>[1] = { bookId: 7, mode: 'test' },
) {
  const record: HealthRecord = {
    nowMs,
    heights: [heights],
    checks: [],
    usage: [],
    reports: [buildReport()],
    gates: [gate],
    proofs: [proved],
  };
  const asked: (number | null)[] = [];
  const store = {
    read: async (bookId: number | null) => {
      asked.push(bookId);
      return { ...record, ...changes };
    },
  };
  return readHealth({ store, catalog }, scope).then((view) => ({ ...view, asked }));
}

const schedulesOf = (...sights: Partial<ScheduleSight>[]) => sights.map((each) => buildSchedule(each));

describe('readHealth', () => {
  it.each([
    ['failing', 'ghosts', { ghosts: 1 }],
    ['warning', 'logs_left_out', { found: 1 }],
    ['warning', 'logs_left_out', { leftOut: 1 }],
    ['ok', null, {}],
  ])('is %s while a second reading told of %s', async (state, reason, counts) => {
    const finding = (count = 0) => ({ count, atMs: count > 0 ? nowMs - 1_000 : null });
    const { ghosts, found, leftOut } = counts as { ghosts?: number; found?: number; leftOut?: number };
    const check = {
      network,
      kind: 'final' as const,
      through: { number: 60n, hash: '0x60' },
      isOtherNode: true,
      checkedAtMs: nowMs - 1_000,
      found: finding(found),
      leftOut: finding(leftOut),
      ghosts: finding(ghosts),
    };
    const { networks } = await health({ checks: [check] });
    expect(networks.find((each) => each.network === network)).toMatchObject({ state, reason, checks: [check] });
  });

  it('is fine when every part is', async () => {
    const view = await health();
    expect(view.state).toBe('ok');
    expect(view.asked).toEqual([7]);
    expect(view.networks).toMatchObject([
      { network, state: 'ok', reason: null, chainHeadNumber: 100n, lag: { blocks: 0, seconds: 0 } },
    ]);
    expect(view.processes).toMatchObject({ state: 'ok', data: [{ kind: 'api' }, { kind: 'worker' }] });
    expect(view.queues).toMatchObject({ state: 'ok', backend: 'postgres', countedAtMs: nowMs - 2_000 });
    expect(view.schedules).toMatchObject([{ state: 'ok', nextAtMs: nowMs + 30_000 }]);
    expect(view.books).toMatchObject({ state: 'ok', checkedAtMs: nowMs - 29_000 });
  });

  it('shows the networks of the mode alone, and of all for the whole instance', async () => {
    const live = { ...heights, network: 'eip155:8453' };
    const names = (view: Awaited<ReturnType<typeof health>>) => view.networks.map((each) => each.network);
    expect(names(await health({ heights: [heights, live] }))).toEqual([network]);
    const whole = await health({ heights: [heights, live] }, null);
    expect(names(whole)).toEqual([network, 'eip155:8453']);
    expect(whole.asked).toEqual([null]);
  });

  it('never shows a chain that is lower than what was read of it', async () => {
    const view = await health({ reports: [buildReport({ nodes: [buildNode({ headNumber: 98n })] })] });
    expect(view.networks).toMatchObject([{ chainHeadNumber: 100n, lag: { blocks: 0 } }]);
  });

  it('leaves out a network that nobody ever read', async () => {
    expect((await health({ heights: [], reports: [buildReport({ nodes: [] })] })).networks).toEqual([]);
  });

  it.each([
    ['behind', 'warning', { nodes: [buildNode({ headNumber: 120n })] }, heights],
    ['behind', 'failing', { nodes: [buildNode({ headNumber: 300n })] }, heights],
    ['node_away', 'failing', { nodes: [buildNode({ answeredAtMs: nowMs - 60_000 })] }, heights],
    ['node_away', 'failing', { nodes: [buildNode({ answeredAtMs: null, headNumber: null })] }, heights],
    ['node_refused', 'failing', { nodes: [buildNode({ refusal: 'chain 1', answeredAtMs: null })] }, heights],
    ['not_read', 'failing', { nodes: [] }, heights],
    ['frozen', 'failing', {}, { ...heights, frozenReason: 'block 50 was replaced' }],
  ])('tells that a network is %s, as %s', async (reason, state, report, known) => {
    const view = await health({ heights: [known], reports: [buildReport(report)] });
    expect(view.networks).toMatchObject([{ reason, state }]);
    expect(view.state).toBe(state);
  });

  it.each([
    ['ok', null, 10n],
    ['warning', 'low', 9n],
    ['failing', 'empty', 0n],
  ] as const)('is %s when gas money is %s', async (state, reason, balanceWei) => {
    const sight = { network, address: '0x61', balanceWei, balanceMinWei: 10n, readAtMs: nowMs - 1_000 };
    const older = { ...sight, balanceWei: 5n, readAtMs: nowMs - 60_000 };
    const elsewhere = { ...sight, network: 'eip155:8453', balanceWei: 0n };
    const reports = [buildReport({ gas: [sight, elsewhere] }), buildReport({ gas: [older] })];
    const view = await health({ reports });
    expect(view.gas).toEqual({ state, reason, data: [sight] });
    expect(view.state).toBe(state);
  });

  it('adds up what several workers see of one node', async () => {
    const first = buildNode({ errors: 1, lastErrorAtMs: nowMs - 9_000, lastError: 'HTTP 502' });
    const second = buildNode({ errors: 2, lastErrorAtMs: nowMs - 1_000, lastError: 'HTTP 429', headNumber: 101n });
    const reports = [buildReport({ nodes: [first] }), buildReport({ nodes: [second] })];
    const [seen] = (await health({ reports })).networks;
    expect(seen).toMatchObject({ chainHeadNumber: 101n, lag: { blocks: 1, seconds: 2 } });
    expect(seen?.nodes).toMatchObject([{ requests: 100, errors: 3, lastError: 'HTTP 429' }]);
  });

  it.each([
    ['is silent', { seenAtMs: nowMs - 21_000 }],
    ['ended', { hasEnded: true }],
  ])('fails when the only worker %s, and still shows its last runs', async (_how, changes) => {
    const view = await health({ reports: [buildReport(changes)] });
    expect(view).toMatchObject({
      state: 'failing',
      processes: { state: 'failing', reason: 'no_worker', data: [{ kind: 'api' }] },
      queues: { state: 'warning', reason: 'not_counted', backend: null, data: [] },
      networks: [{ reason: 'not_read' }],
      schedules: [{ name: 'books-proof', nextAtMs: null, last: { outcome: 'done' } }],
    });
  });

  it('tells of queues that cannot be counted, or that pile up', async () => {
    expect((await health({ reports: [buildReport({ queues: null })] })).queues).toMatchObject({
      state: 'warning',
      reason: 'not_counted',
      backend: 'postgres',
    });
    const queues = [{ name: 'chain', waiting: 1_001, active: 0, delayed: 0, failed: 0 }];
    expect((await health({ reports: [buildReport({ queues })] })).queues.reason).toBe('piling_up');
  });
});

describe('schedules', () => {
  const last = (msAgo: number, outcome: 'done' | 'failed' = 'done') => ({
    startedAtMs: nowMs - msAgo,
    finishedAtMs: nowMs - msAgo,
    outcome,
    counts: {},
  });

  it.each([
    [null, { last: last(119_000) }],
    ['overdue', { last: last(121_000) }],
    ['failed', { last: last(1_000, 'failed') }],
    ['never_ran', { last: null }],
  ])('are judged %s by %j', async (reason, changes) => {
    const [schedule] = (await health({ reports: [buildReport({ schedules: schedulesOf(changes) })] })).schedules;
    expect(schedule?.reason).toBe(reason);
  });

  it('have time for their first run', async () => {
    const report = buildReport({ startedAtMs: nowMs - 100_000, schedules: schedulesOf({ last: null }) });
    expect((await health({ reports: [report] })).schedules).toMatchObject([{ state: 'ok', nextAtMs: null }]);
  });

  it('count the newest run of any process, as often as the youngest says', async () => {
    const older = buildReport({
      hasEnded: true,
      seenAtMs: nowMs - 9_000,
      schedules: schedulesOf({ last: last(9_000) }),
    });
    const newer = buildReport({ schedules: schedulesOf({ everyMs: 30_000, last: null }) });
    const [schedule] = (await health({ reports: [newer, older] })).schedules;
    expect(schedule).toMatchObject({ everyMs: 30_000, last: { startedAtMs: nowMs - 9_000 }, nextAtMs: nowMs + 21_000 });
  });
});

describe('the books', () => {
  it('fail where the chain says anything else, whatever else is wrong', async () => {
    const differing = { ...proved, proof: { ...proof, onChainAtomic: 11n, differenceAtomic: 1n } };
    const view = await health({ proofs: [{ ...proved, proof: null }, differing] });
    expect(view.books).toMatchObject({ state: 'failing', reason: 'differs' });
    expect(view.state).toBe('failing');
  });

  it.each([
    ['check-sums', { differences: 2 }, 'sums_differ'],
    ['check-ledgers', { broken: 1, contradictions: 0 }, 'ledger_broken'],
    ['check-ledgers', { broken: 0, contradictions: 1 }, 'ledger_broken'],
  ])('fail where the last run of %s found %j', async (name, counts, reason) => {
    const last = { startedAtMs: nowMs - 9_000, finishedAtMs: nowMs - 9_000, outcome: 'done' as const, counts };
    const reports = [buildReport({ schedules: schedulesOf({ name, last }) })];
    expect((await health({ reports })).books).toMatchObject({ state: 'failing', reason });
  });

  it('warn where a wallet was never proved, or none was looked at lately', async () => {
    const unproved = { proofs: [{ ...proved, proof: null }] };
    expect((await health(unproved)).books).toMatchObject({ state: 'warning', reason: 'not_proved' });
    expect((await health({ ...unproved, reports: [] })).books.state).toBe('warning');
    expect((await health({ reports: [] })).books).toMatchObject({ reason: 'overdue', checkedAtMs: proof.provedAtMs });
  });

  it('have time for their first proof', async () => {
    const reports = [buildReport({ startedAtMs: nowMs - 100_000 })];
    const view = await health({ proofs: [{ ...proved, proof: null }], reports });
    expect(view.books).toMatchObject({ state: 'ok', reason: 'not_proved' });
  });

  it('were not looked at by a run in which a network failed', async () => {
    const last = { startedAtMs: nowMs, finishedAtMs: nowMs, outcome: 'done' as const, counts: { failed: 1 } };
    const view = await health({ reports: [buildReport({ schedules: schedulesOf({ last }) })] });
    expect(view.books).toMatchObject({ reason: 'overdue', checkedAtMs: proof.provedAtMs });
  });

  it('have nothing to prove without a wallet', async () => {
    expect((await health({ proofs: [], reports: [] })).books).toMatchObject({ state: 'ok', reason: null });
  });
});
