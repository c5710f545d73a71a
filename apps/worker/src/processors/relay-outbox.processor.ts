import { Inject, Injectable } from '@nestjs/common';
import type { WorkerParts } from '../composition.js';
import { workerParts } from '../tokens.js';
import { runJob } from './run-job.js';

/** Gives written events their place in the feed; then whoever wants to be told of them is. */
@Injectable()
export class RelayOutboxProcessor {
  constructor(@Inject(workerParts) private readonly parts: WorkerParts) {}

  handle(): Promise<void> {
    return runJob(this.parts.failures, 'relay-outbox', async () => {
      const relayed = await this.parts.relay.run();
      if (relayed > 0) await this.parts.queues.enqueue({ kind: 'deliver-webhooks' });
    });
  }
}
