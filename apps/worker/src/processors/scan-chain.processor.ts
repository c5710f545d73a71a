import { Inject, Injectable } from '@nestjs/common';
import { never } from '@tollbook/domain';
import type { JobPayloads, Queues } from '@tollbook/queue';
import type { Logger } from '@tollbook/telemetry';
import type { ChainSteps } from '../chain-steps.js';
import type { FailureLog } from '../failure-log.js';
import { workerParts } from '../tokens.js';
import { runJob } from './run-job.js';

/** What a scan needs of the worker's parts. */
export type ScanParts = {
  readonly steps: Pick<ChainSteps, 'scan'>;
  readonly queues: Pick<Queues, 'enqueue'>;
  readonly failures: FailureLog;
  readonly logger: Pick<Logger, 'debug'>;
};

/** Reads a network up to its node's head; what it found is reconciled next. */
@Injectable()
export class ScanChainProcessor {
  private readonly headOf = new Map<string, bigint>();

  constructor(@Inject(workerParts) private readonly parts: ScanParts) {}

  handle({ network }: JobPayloads['scan-chain']): Promise<void> {
    return runJob(this.parts.failures, `scan-chain ${network}`, () => this.scan(network));
  }

  private async scan(network: string): Promise<void> {
    const { queues, steps, logger } = this.parts;
    const outcome = await steps.scan(network);
    switch (outcome.kind) {
      case 'scanned': {
        const isNews = !outcome.isLevel || outcome.transfers > 0 || this.headOf.get(network) !== outcome.headNumber;
        this.headOf.set(network, outcome.headNumber);
        if (isNews) await queues.enqueue({ kind: 'reconcile', network });
        if (!outcome.isLevel) await queues.enqueue({ kind: 'scan-chain', network });
        return;
      }
      case 'frozen':
        throw new Error(`the network is frozen: ${outcome.reason}`);
      case 'node_behind':
        logger.debug({ network }, 'the node was behind');
        return;
      case 'not_leader':
        return;
      default:
        never(outcome);
    }
  }
}
