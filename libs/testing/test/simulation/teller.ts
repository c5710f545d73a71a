import { deliverWebhook, type FailpointName, type SentWebhook, type WebhookMessage } from '@tollbook/usecases';
import { Crash, CrashPlan } from '../crash.js';
import type { PaymentWorld } from '../payment-world.js';
import { facilitatorIdOf } from './simulated-facilitators.js';
import type { Violation } from './violation.js';

const batchMax = 100;

/** Relays events and delivers them to one receiver, which remembers what it was told. */
export class Teller {
  /** What the receiver took, by the id of its message. */
  readonly told = new Map<string, string>();
  private readonly crashes = new CrashPlan();
  private isRefusing = false;
  private sent = 0;

  constructor(
    private readonly world: PaymentWorld,
    private readonly violations: Violation[],
    /** Gives each try an id of its own, as a receiver could not bear. */
    private readonly forgetsEventIds: boolean,
  ) {}

  /** Has the book's events told to somebody. */
  static async subscribe(world: PaymentWorld): Promise<void> {
    const { bookId } = world.book;
    const endpointId = facilitatorIdOf(`${world.parts.seed}/webhook`);
    await world.db.rows(
      `insert into webhook_endpoints (book_id, webhook_endpoint_id, url, events) values ($1, $2, 'http://a/', '{*}')`,
      [bookId, endpointId],
    );
    await world.db.rows(
      `insert into webhook_secrets (book_id, webhook_secret_id, webhook_endpoint_id, secret_sealed)
       values ($1, $2, $3, '\\x01')`,
      [bookId, facilitatorIdOf(`${world.parts.seed}/secret`), endpointId],
    );
  }

  /** Tells what is due; resolves to the failpoint at which it died. */
  async tell(dies: FailpointName | null, isRefused: boolean): Promise<FailpointName | null> {
    this.isRefusing = isRefused;
    if (dies) this.crashes.plan(dies);
    const { failpoint } = this.crashes;
    const { db } = this.world;
    try {
      failpoint('relay_open');
      await db.sweep.relayOutbox(batchMax * 10);
      await db.sweep.foldRollups(batchMax * 10);
      // What was leased by a process that died, or waits for another try, is due now.
      await db.rows(`update deliveries set next_attempt_at = now() where status = 'pending'`);
      failpoint('deliver_open');
      for (let leased = await this.lease(); leased.length > 0; leased = isRefused ? [] : await this.lease()) {
        failpoint('delivery_leased');
        const results = [];
        for (const each of leased) {
          this.sent += 1;
          const eventId = this.forgetsEventIds ? facilitatorIdOf(`try ${this.sent}`) : each.eventId;
          results.push(await deliverWebhook({ ...this.deps, failpoint }, { ...each, eventId }));
        }
        await db.deliveries.finish(results);
        failpoint('delivery_recorded');
      }
      return null;
    } catch (error) {
      if (error instanceof Crash) return error.message as FailpointName;
      throw error;
    } finally {
      this.crashes.cancel();
    }
  }

  private lease() {
    const perEndpointMax = batchMax;
    return this.world.db.deliveries.lease({
      limit: batchMax,
      perEndpointMax,
      perFailingEndpointMax: perEndpointMax,
      busy: [],
      leaseMs: 60_000,
    });
  }

  private readonly deps = {
    openSecret: async () => new Uint8Array([1]),
    chance: () => 0.5,
    sender: { send: async (message: WebhookMessage) => this.receive(message) },
  };

  private receive({ id, body }: WebhookMessage): SentWebhook {
    const before = this.told.get(id);
    if (before !== undefined && before !== body) {
      this.violations.push({ invariant: 'I28', what: `${id} was told twice, in other words` });
    }
    this.told.set(id, body);
    const answer = { retryAfterSeconds: null, error: null, responseHeaders: null, responseBody: null };
    const httpStatus = this.isRefusing ? 500 : 200;
    return { ...answer, requestHeaders: [], httpStatus, timings: { headMs: 1, totalMs: 1 } };
  }
}
