import 'reflect-metadata';
import { type Job, UnrecoverableJob } from '@tollbook/queue';
import { ChainUnavailable, type ScanOutcome } from '@tollbook/usecases';
import { describe, expect, it } from 'vitest';
import { FailureLog } from '../failure-log.js';
import { ScanChainProcessor } from './scan-chain.processor.js';

const network = 'eip155:84532';
const ignore = () => undefined;

/** A processor whose scans end as told, one after the other. */
function openProcessor(outcomes: (ScanOutcome | Error)[]) {
  const jobs: string[] = [];
  const lines: string[] = [];
  const tell = (level: string) => (_fields: object, message?: string) => void lines.push(`${level}: ${message}`);
  const processor = new ScanChainProcessor({
    steps: {
      scan: async () => {
        const outcome = outcomes.shift();
        if (outcome === undefined || outcome instanceof Error) throw outcome;
        return outcome;
      },
    },
    queues: { enqueue: async (job: Job) => void jobs.push(job.kind) },
    failures: new FailureLog({ info: ignore, warn: tell('warn'), error: tell('error') }),
    logger: { debug: ignore },
  });
  return { processor, jobs, lines };
}

const scanned = (headNumber: bigint, transfers = 0, isLevel = true): ScanOutcome => {
  return { kind: 'scanned', headNumber, transfers, isLevel };
};

describe('ScanChainProcessor', () => {
  it('asks for a reconciliation when blocks or transfers are new', async () => {
    const { processor, jobs } = openProcessor([scanned(10n), scanned(10n), scanned(11n), scanned(11n, 1)]);
    const counts: number[] = [];
    for (let times = 0; times < 4; times += 1) {
      await processor.handle({ network });
      counts.push(jobs.length);
    }
    expect(counts).toEqual([1, 1, 2, 3]);
    expect(new Set(jobs)).toEqual(new Set(['reconcile']));
  });

  it('asks for another scan while the head is not reached', async () => {
    const { processor, jobs } = openProcessor([scanned(-1n, 0, false)]);
    await processor.handle({ network });
    expect(jobs).toEqual(['reconcile', 'scan-chain']);
  });

  it.each<ScanOutcome>([{ kind: 'not_leader' }, { kind: 'node_behind' }])(
    'asks for nothing when $kind',
    async (outcome) => {
      const { processor, jobs, lines } = openProcessor([outcome]);
      await processor.handle({ network });
      expect({ jobs, lines }).toEqual({ jobs: [], lines: [] });
    },
  );

  it('lets the queue try again while the node is away, with one warning', async () => {
    const away = new ChainUnavailable(network, 'no answer');
    const { processor, lines } = openProcessor([away, away]);
    await expect(processor.handle({ network })).rejects.toBe(away);
    await expect(processor.handle({ network })).rejects.toBe(away);
    expect(lines).toEqual(['warn: a step waited for what is away']);
  });

  it('fails at once, with an error, on a frozen network and on a bug', async () => {
    const frozen: ScanOutcome = { kind: 'frozen', reason: 'final_block_changed' };
    const { processor, lines } = openProcessor([frozen, new Error('a bug')]);
    await expect(processor.handle({ network })).rejects.toThrow(
      new UnrecoverableJob('the network is frozen: final_block_changed'),
    );
    await expect(processor.handle({ network })).rejects.toBeInstanceOf(UnrecoverableJob);
    expect(lines).toEqual(['error: a step failed', 'error: a step failed']);
  });
});
