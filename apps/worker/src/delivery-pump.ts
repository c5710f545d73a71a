import {
  type DeliverDeps,
  type DeliveryResult,
  type DeliveryStore,
  deliverWebhook,
  type LeasedDelivery,
  undeliverable,
} from '@tollbook/usecases';
import type { FailureLog } from './failure-log.js';
import { ResultBatch } from './result-batch.js';

/** Deliveries this process sends at once, at most. A receiver that hangs holds its place for twenty seconds. */
const inFlightMax = 128;
/** Of one endpoint; what one hangs on to leaves room for the others. */
const perEndpointMax = 32;
/** Of one endpoint that has failed since it last took something. */
const perFailingEndpointMax = 2;
/** A look for more is not worth fewer places, unless nothing is being sent. */
const leaseMin = 16;
/** Longer than any try may take, its recording included. */
const leaseMs = 60_000;
const stopTimeoutMs = 4_000;

export type PumpDeps = DeliverDeps & {
  readonly deliveries: Pick<DeliveryStore, 'lease' | 'finish'>;
  readonly failures: FailureLog;
};

type Endpoint = { readonly bookId: number; readonly webhookEndpointId: string; inFlight: number };

/**
 * Sends what is due, many at a time. Whoever wakes it does not wait for receivers: rows say what is due, so a wake that
 * is lost, or one too many, changes nothing.
 */
export class DeliveryPump {
  private readonly busy = new Map<string, Endpoint>();
  private readonly results: ResultBatch;
  /** Being sent, or sent and not recorded yet. */
  private inFlight = 0;
  private sending = 0;
  /** Answers since the last look. */
  private freed = 0;
  private leasing: Promise<number> | undefined;
  private isWokenAgain = false;
  /** The last look left something behind, for want of places. */
  private hasMore = false;
  private isStopped = false;
  private idle: (() => void)[] = [];

  constructor(private readonly deps: PumpDeps) {
    this.results = new ResultBatch(deps.deliveries, deps.failures, (count) => {
      deps.failpoint('delivery_recorded');
      this.inFlight -= count;
      this.tellIdle();
      this.goOn();
    });
  }

  /** Looks for what is due; resolves to how many deliveries this look began. Rejects when the database is away. */
  wake(): Promise<number> {
    if (this.isStopped) return Promise.resolve(0);
    if (this.leasing !== undefined) {
      this.isWokenAgain = true;
      return this.leasing;
    }
    this.leasing = this.look().finally(() => {
      this.leasing = undefined;
      this.tellIdle();
    });
    return this.leasing;
  }

  /** Resolves when nothing is being sent or recorded. */
  whenIdle(): Promise<void> {
    if (this.inFlight === 0 && this.leasing === undefined) return Promise.resolve();
    return new Promise((resolve) => this.idle.push(resolve));
  }

  /** Begins nothing new; what is being sent has four seconds to end and be recorded. The rest is sent again later. */
  async stop(): Promise<void> {
    this.isStopped = true;
    let timer: NodeJS.Timeout | undefined;
    const timeUp = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, stopTimeoutMs);
    });
    await Promise.race([this.whenIdle(), timeUp]);
    clearTimeout(timer);
    this.results.stop();
  }

  private async look(): Promise<number> {
    let begun = 0;
    do {
      this.isWokenAgain = false;
      this.freed = 0;
      const limit = inFlightMax - this.inFlight;
      if (limit <= 0) {
        this.hasMore = true;
        return begun;
      }
      this.deps.failpoint('deliver_open');
      const busy = [...this.busy.values()];
      const leased = await this.deps.deliveries.lease({
        limit,
        perEndpointMax,
        perFailingEndpointMax,
        busy,
        leaseMs,
      });
      if (leased.length > 0) this.deps.failpoint('delivery_leased');
      begun += leased.length;
      for (const each of leased) void this.send(each);
      this.hasMore = leased.length === limit || [...this.busy.values()].some(isFull);
    } while (this.isWokenAgain && !this.isStopped);
    return begun;
  }

  private async send(leased: LeasedDelivery): Promise<void> {
    const key = `${leased.bookId} ${leased.webhookEndpointId}`;
    const endpoint = this.busy.get(key) ?? { ...leased, inFlight: 0 };
    this.busy.set(key, endpoint);
    endpoint.inFlight += 1;
    this.inFlight += 1;
    this.sending += 1;
    const result = await this.deliver(leased);
    endpoint.inFlight -= 1;
    if (endpoint.inFlight === 0) this.busy.delete(key);
    this.sending -= 1;
    this.freed += 1;
    this.results.add(result, this.sending === 0);
    this.goOn();
  }

  private async deliver(leased: LeasedDelivery): Promise<DeliveryResult> {
    const step = 'deliver-webhook';
    try {
      const result = await deliverWebhook(this.deps, leased);
      this.deps.failures.worked(step);
      return result;
    } catch (error) {
      this.deps.failures.failed(step, error);
      return undeliverable(leased, this.deps.chance());
    }
  }

  /** Takes up what had no place, while what was answered is being recorded. */
  private goOn(): void {
    if (!this.hasMore || this.isStopped) return;
    if (this.sending > 0 && this.freed < leaseMin) return;
    this.wake().then(
      () => this.deps.failures.worked('deliver-webhooks'),
      (error: unknown) => this.deps.failures.failed('deliver-webhooks', error),
    );
  }

  private tellIdle(): void {
    if (this.inFlight > 0 || this.leasing !== undefined) return;
    for (const told of this.idle.splice(0)) told();
  }
}

function isFull(endpoint: Endpoint): boolean {
  return endpoint.inFlight >= perFailingEndpointMax;
}
