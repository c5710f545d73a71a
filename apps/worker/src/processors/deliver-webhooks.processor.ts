import { Inject, Injectable } from '@nestjs/common';
import type { WorkerParts } from '../composition.js';
import { workerParts } from '../tokens.js';
import { runJob } from './run-job.js';

/** Begins to send the webhooks that are due. The job is over then: receivers may take their time. */
@Injectable()
export class DeliverWebhooksProcessor {
  constructor(@Inject(workerParts) private readonly parts: WorkerParts) {}

  handle(): Promise<void> {
    return runJob(this.parts.failures, 'deliver-webhooks', async () => {
      await this.parts.pump.wake();
    });
  }
}
