import { type DynamicModule, Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import type { WorkerParts } from './composition.js';
import { HeadWatcher } from './head-watcher.js';
import { DeliverWebhooksProcessor } from './processors/deliver-webhooks.processor.js';
import { ReconcileProcessor } from './processors/reconcile.processor.js';
import { RelayOutboxProcessor } from './processors/relay-outbox.processor.js';
import { ScanChainProcessor } from './processors/scan-chain.processor.js';
import { Schedules } from './schedules.js';
import { workerParts } from './tokens.js';
import { WorkerLife } from './worker-life.js';
import { WorkerReporter } from './worker-reporter.js';

/** The worker: processors of jobs, schedules, and the watch over the nodes. */
@Module({
  imports: [ScheduleModule.forRoot()],
  providers: [
    ScanChainProcessor,
    ReconcileProcessor,
    RelayOutboxProcessor,
    DeliverWebhooksProcessor,
    HeadWatcher,
    Schedules,
    WorkerReporter,
    WorkerLife,
  ],
})
class WorkerModule {}

/** The module with the parts that the composition root built. */
export function workerModuleOf(parts: WorkerParts): DynamicModule {
  const provider = { provide: workerParts, useFactory: () => parts };
  return { module: WorkerModule, global: true, providers: [provider], exports: [workerParts] };
}
