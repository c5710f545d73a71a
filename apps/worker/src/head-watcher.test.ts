import 'reflect-metadata';
import { type BlockHeader } from '@tollbook/domain';
import type { Job } from '@tollbook/queue';
import { ChainUnavailable } from '@tollbook/usecases';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FailureLog } from './failure-log.js';
import { HeadWatcher, nextPollMs } from './head-watcher.js';
import type { HeadListener } from './nodes.js';

const network = 'eip155:84532';

function openWatcher(socket: ReturnType<typeof fakeSocket> | null = null) {
  const chain = { head: 10n, final: 2n, isAway: false, looks: 0 };
  const jobs: string[] = [];
  const node = {
    network,
    headNumber: async () => {
      chain.looks += 1;
      if (chain.isAway) throw new ChainUnavailable(network, 'no answer');
      return chain.head;
    },
    listen: socket === null ? null : socket.listen,
    reader: { head: async () => ({ head: headerAt(chain.head), final: headerAt(chain.final) }) },
  };
  const ignore = () => undefined;
  const failures = new FailureLog({ info: ignore, warn: ignore, error: ignore });
  const nodes = { networks: () => [network], nodeOf: () => node, refresh: ignore };
  const queues = { enqueue: async (job: Job) => void jobs.push(job.kind) };
  return { chain, jobs, watcher: new HeadWatcher({ nodes, queues, failures }) };
}

function fakeSocket() {
  const socket = {
    isAlive: false,
    isStopped: false,
    listener: undefined as HeadListener | undefined,
    stop() {
      socket.isStopped = true;
    },
    listen: (listener: HeadListener) => {
      socket.listener = listener;
      return { isAlive: () => socket.isAlive, stop: () => socket.stop() };
    },
  };
  return socket;
}

function headerAt(number: bigint): BlockHeader {
  return { number, hash: '0x', parentHash: '0x', timeUnixSeconds: 0 };
}

describe('HeadWatcher', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('asks for a scan at first and whenever the head moved', async () => {
    const { chain, jobs, watcher } = openWatcher();
    watcher.watchAll();
    await vi.advanceTimersByTimeAsync(1_400);
    expect(jobs).toEqual(['scan-chain']);
    chain.head = 11n;
    await vi.advanceTimersByTimeAsync(500);
    chain.head = 9n;
    await vi.advanceTimersByTimeAsync(500);
    expect(jobs).toEqual(['scan-chain', 'scan-chain', 'scan-chain']);
    watcher.stop();
  });

  it('remembers when the node answered last, and when its head moved', async () => {
    const { chain, watcher } = openWatcher();
    expect(watcher.sightOf(network)).toEqual({
      headNumber: null,
      answeredAtMs: null,
      headMovedAtMs: null,
      isTold: false,
    });
    const beganAtMs = Date.now();
    watcher.watchAll();
    await vi.advanceTimersByTimeAsync(1_000);
    const first = { headNumber: 10n, answeredAtMs: beganAtMs + 1_000, headMovedAtMs: beganAtMs, isTold: false };
    expect(watcher.sightOf(network)).toEqual(first);
    chain.isAway = true;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(watcher.sightOf(network)).toEqual(first);
    watcher.stop();
  });

  it('asks for a reconciliation when finality moved and the head did not', async () => {
    const { chain, jobs, watcher } = openWatcher();
    watcher.watchAll();
    await vi.advanceTimersByTimeAsync(1_000);
    chain.final = 5n;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(jobs).toEqual(['scan-chain', 'reconcile']);
    watcher.stop();
  });

  it('asks a node that is away less and less often, and goes on when it is back', async () => {
    const { chain, jobs, watcher } = openWatcher();
    chain.isAway = true;
    watcher.watchAll();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(chain.looks).toBeLessThan(12);
    chain.isAway = false;
    await vi.advanceTimersByTimeAsync(8_000);
    expect(jobs).toEqual(['scan-chain']);
    watcher.stop();
  });

  it('watches a network once, however often it is told to, and not after it stopped', async () => {
    const { chain, watcher } = openWatcher();
    watcher.watchAll();
    watcher.watchAll();
    await vi.advanceTimersByTimeAsync(400);
    expect(chain.looks).toBe(1);
    watcher.stop();
    watcher.watchAll();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(chain.looks).toBe(1);
  });
});

describe('a watcher with a socket', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('asks for a scan as blocks are told, and asks the node itself only now and then', async () => {
    const socket = fakeSocket();
    const { chain, jobs, watcher } = openWatcher(socket);
    socket.isAlive = true;
    watcher.watchAll();
    await vi.advanceTimersByTimeAsync(100);
    expect([chain.looks, jobs]).toEqual([1, ['scan-chain']]);
    for (const head of [11n, 12n, 12n]) {
      chain.head = head;
      socket.listener?.onHead(head);
    }
    await vi.advanceTimersByTimeAsync(4_000);
    expect([chain.looks, jobs]).toEqual([1, ['scan-chain', 'scan-chain', 'scan-chain']]);
    expect(watcher.sightOf(network)).toMatchObject({ headNumber: 12n, isTold: true });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(chain.looks).toBe(2);
    watcher.stop();
    expect(socket.isStopped).toBe(true);
  });

  it('asks the node twice a second from the moment that it falls silent, and less again when it is back', async () => {
    const socket = fakeSocket();
    const { chain, watcher } = openWatcher(socket);
    socket.isAlive = true;
    watcher.watchAll();
    await vi.advanceTimersByTimeAsync(100);
    socket.isAlive = false;
    socket.listener?.onTrouble('no block arrived');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(chain.looks).toBeGreaterThanOrEqual(5);
    expect(chain.looks).toBeLessThanOrEqual(6);
    expect(watcher.sightOf(network).isTold).toBe(false);
    socket.isAlive = true;
    socket.listener?.onTrouble(null);
    await vi.advanceTimersByTimeAsync(500);
    const looks = chain.looks;
    await vi.advanceTimersByTimeAsync(4_000);
    expect(chain.looks).toBe(looks);
    watcher.stop();
  });
});

describe('nextPollMs', () => {
  it('is half a second, doubled by each miss up to eight seconds', () => {
    expect([0, 1, 2, 3, 4, 5, 99].map(nextPollMs)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000]);
  });
});
