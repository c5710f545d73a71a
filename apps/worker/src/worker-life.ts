import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { WorkerParts } from './composition.js';
import { HeadWatcher } from './head-watcher.js';
import { DeliverWebhooksProcessor } from './processors/deliver-webhooks.processor.js';
import { ReconcileProcessor } from './processors/reconcile.processor.js';
import { RelayOutboxProcessor } from './processors/relay-outbox.processor.js';
import { ScanChainProcessor } from './processors/scan-chain.processor.js';
import { Schedules } from './schedules.js';
import { workerParts } from './tokens.js';
import { WorkerReporter } from './worker-reporter.js';

/** Jobs of one queue that run at once. */
const concurrency = 4;

/** Begins and ends what the worker does, in order. */
@Injectable()
export class WorkerLife implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  constructor(
    @Inject(workerParts) private readonly parts: WorkerParts,
    private readonly watcher: HeadWatcher,
    private readonly schedules: Schedules,
    private readonly reporter: WorkerReporter,
    private readonly scanChain: ScanChainProcessor,
    private readonly reconcile: ReconcileProcessor,
    private readonly relayOutbox: RelayOutboxProcessor,
    private readonly deliverWebhooks: DeliverWebhooksProcessor,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const handlers = {
      'scan-chain': (payload: { network: string }) => this.scanChain.handle(payload),
      reconcile: (payload: { network: string }) => this.reconcile.handle(payload),
      'relay-outbox': () => this.relayOutbox.handle(),
      'deliver-webhooks': () => this.deliverWebhooks.handle(),
    };
    await this.parts.queues.startWorkers(handlers, { concurrency });
    this.watcher.watchAll();
    this.reporter.start();
    // Not waited for: a node may be slow, or have a long way to be read.
    void this.schedules.runFirst();
  }

  /** Nothing new begins; what runs has five seconds to end. */
  async onModuleDestroy(): Promise<void> {
    this.watcher.stop();
    await Promise.all([this.parts.runner.stop(), this.parts.queues.close(), this.parts.pump.stop()]);
    await this.reporter.stop();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.parts.close();
  }
}
