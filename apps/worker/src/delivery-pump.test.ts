import {
  type DeliveryResult,
  type LeasedDelivery,
  type LeaseOptions,
  type SentWebhook,
  StoreUnavailable,
  type WebhookMessage,
} from '@tollbook/usecases';
import { describe, expect, it } from 'vitest';
import { DeliveryPump } from './delivery-pump.js';
import { FailureLog } from './failure-log.js';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Deliveries of endpoints by number, and a receiver that answers when it is told to. */
class World {
  readonly due: LeasedDelivery[] = [];
  readonly recorded: DeliveryResult[] = [];
  readonly commits: number[] = [];
  readonly flying: { readonly message: WebhookMessage; answer(sent?: Partial<SentWebhook>): void }[] = [];
  leases = 0;
  isAway = false;
  refusesAnswers = false;
  readonly pump = new DeliveryPump({
    deliveries: { lease: async (options) => this.lease(options), finish: async (results) => this.finish(results) },
    sender: {
      send: (message) =>
        new Promise((resolve) => {
          const answer = (sent: Partial<SentWebhook> = {}) => resolve({ ...answered, ...sent });
          this.flying.push({ message, answer });
        }),
    },
    openSecret: async (sealed) => sealed,
    chance: () => 0.5,
    failpoint: () => undefined,
    failures: new FailureLog(silent),
  });

  add(endpoint: number, count: number): void {
    for (let at = 0; at < count; at += 1) {
      const id = `01930000-0000-7000-8000-${String(this.due.length).padStart(12, '0')}`;
      const webhookEndpointId = `01930000-0000-7000-8000-${String(endpoint).padStart(12, '0')}`;
      const ids = { bookId: 1, deliveryId: id, deliveryAttemptId: id, eventId: id, webhookEndpointId };
      this.due.push({ ...ids, tries: 1, url: `http://endpoint-${endpoint}/`, body: '{}', secrets: [] });
    }
  }

  flyingTo(endpoint: number): number {
    return this.flying.filter(({ message }) => message.url === `http://endpoint-${endpoint}/`).length;
  }

  /** Answers everything that is being sent to an endpoint. */
  answerAll(endpoint: number, sent: Partial<SentWebhook> = {}): void {
    for (const flight of [...this.flying]) {
      if (flight.message.url !== `http://endpoint-${endpoint}/`) continue;
      this.flying.splice(this.flying.indexOf(flight), 1);
      flight.answer(sent);
    }
  }

  private lease(options: LeaseOptions): LeasedDelivery[] {
    this.leases += 1;
    if (this.isAway) throw new StoreUnavailable('away');
    const busy = new Map(options.busy.map((each) => [each.webhookEndpointId, each.inFlight]));
    const leased: LeasedDelivery[] = [];
    for (const each of [...this.due]) {
      const inFlight = busy.get(each.webhookEndpointId) ?? 0;
      if (leased.length === options.limit || inFlight >= options.perEndpointMax) continue;
      busy.set(each.webhookEndpointId, inFlight + 1);
      this.due.splice(this.due.indexOf(each), 1);
      leased.push(each);
    }
    return leased;
  }

  private finish(results: readonly DeliveryResult[]): void {
    if (this.isAway) throw new StoreUnavailable('away');
    if (this.refusesAnswers && results.some((result) => result.sent?.responseBody)) throw new Error('not a text');
    this.commits.push(results.length);
    this.recorded.push(...results);
  }
}

const answered: SentWebhook = {
  requestHeaders: [],
  httpStatus: 200,
  retryAfterSeconds: null,
  error: null,
  responseHeaders: [],
  responseBody: 'ok',
  timings: { headMs: 1, totalMs: 1 },
};

describe('the pump', () => {
  it('sends what is due at once and records it', async () => {
    const world = new World();
    world.add(1, 3);
    expect(await world.pump.wake()).toBe(3);
    await expect.poll(() => world.flying.length).toBe(3);
    world.answerAll(1);
    await world.pump.whenIdle();
    expect(world.recorded.map(({ status }) => status)).toEqual(['delivered', 'delivered', 'delivered']);
    expect(world.commits).toEqual([3]);
  });

  it('gives an endpoint that hangs its share of places, and everybody else theirs', async () => {
    const world = new World();
    world.add(1, 1_000);
    world.add(2, 100);
    await world.pump.wake();
    await expect.poll(() => world.flyingTo(1)).toBe(32);
    for (let round = 0; world.recorded.length < 100 && round < 100; round += 1) {
      await expect.poll(() => world.flyingTo(2) + world.recorded.length).toBeGreaterThan(0);
      world.answerAll(2);
      await expect.poll(() => world.flyingTo(2) > 0 || world.recorded.length === 100).toBe(true);
    }
    expect(world.recorded).toHaveLength(100);
    expect(world.flyingTo(1)).toBe(32);
  });

  it('never has more than 128 in flight, and takes up the rest as places are freed', async () => {
    const world = new World();
    for (let endpoint = 1; endpoint <= 20; endpoint += 1) world.add(endpoint, 20);
    await world.pump.wake();
    await expect.poll(() => world.flying.length).toBe(128);
    for (let round = 0; world.recorded.length < 400 && round < 100; round += 1) {
      expect(world.flying.length).toBeLessThanOrEqual(128);
      for (let endpoint = 1; endpoint <= 20; endpoint += 1) world.answerAll(endpoint);
      await expect.poll(() => world.flying.length > 0 || world.recorded.length === 400).toBe(true);
    }
    expect(world.recorded).toHaveLength(400);
  });

  it('keeps results while the database is away, and records each once when it is back', async () => {
    const world = new World();
    world.add(1, 2);
    await world.pump.wake();
    await expect.poll(() => world.flying.length).toBe(2);
    world.isAway = true;
    world.answerAll(1);
    await expect(world.pump.wake()).rejects.toThrow('away');
    world.isAway = false;
    await expect.poll(() => world.recorded.length, { timeout: 4_000 }).toBe(2);
  });

  it('records the outcome without the answer where the database refuses the answer', async () => {
    const world = new World();
    world.refusesAnswers = true;
    world.add(1, 1);
    await world.pump.wake();
    await expect.poll(() => world.flying.length).toBe(1);
    world.answerAll(1);
    await world.pump.whenIdle();
    expect(world.recorded).toMatchObject([{ status: 'delivered', sent: { httpStatus: 200, responseBody: null } }]);
  });

  it('lets what runs end when it is stopped, and begins nothing new', async () => {
    const world = new World();
    world.add(1, 40);
    await world.pump.wake();
    await expect.poll(() => world.flying.length).toBe(32);
    const stopped = world.pump.stop();
    world.answerAll(1);
    await stopped;
    expect(world.recorded).toHaveLength(32);
    expect(await world.pump.wake()).toBe(0);
    expect(world.due).toHaveLength(8);
  });
});
