import { Inject, Injectable } from '@nestjs/common';
import type { WorkerParts } from '../composition.js';
import { workerParts } from '../tokens.js';
import { runJob } from './run-job.js';

/** Gives written events their place in the feed. */
@Injectable()
export class RelayOutboxProcessor {
  constructor(@Inject(workerParts) private readonly parts: WorkerParts) {}

  handle(): Promise<void> {
    return runJob(this.parts.failures, 'relay-outbox', async () => {
      await this.parts.relay.run();
    });
  }
}
