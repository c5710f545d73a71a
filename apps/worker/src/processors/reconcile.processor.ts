import { Inject, Injectable } from '@nestjs/common';
import type { JobPayloads } from '@tollbook/queue';
import type { WorkerParts } from '../composition.js';
import { workerParts } from '../tokens.js';
import { runJob } from './run-job.js';

/** Books what is deep enough and what is final; the events that come of it are relayed next. */
@Injectable()
export class ReconcileProcessor {
  constructor(@Inject(workerParts) private readonly parts: WorkerParts) {}

  handle({ network }: JobPayloads['reconcile']): Promise<void> {
    return runJob(this.parts.failures, `reconcile ${network}`, async () => {
      const { queues, steps } = this.parts;
      const outcome = await steps.reconcile(network);
      // A network that is frozen is told by its scan.
      if (outcome.kind !== 'reconciled' || outcome.confirmed + outcome.final === 0) return;
      await queues.enqueue({ kind: 'relay-outbox' });
    });
  }
}
