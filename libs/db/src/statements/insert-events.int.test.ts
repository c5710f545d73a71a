import { type EventType, eventTypes, isSubscribed } from '@tollbook/domain';
import type { EventDraft } from '@tollbook/usecases';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPaymentWorld, newUuid, type PaymentWorld } from '../../test/payment-world.js';

let world: PaymentWorld;

beforeAll(async () => {
  world = await createPaymentWorld();
});

beforeEach(() => world.rows('update webhook_endpoints set is_enabled = false'));

afterAll(async () => {
  await world?.end();
});

async function addEndpoint(events: readonly string[], bookId = 1): Promise<string> {
  const id = newUuid();
  await world.rows(
    `insert into webhook_endpoints (book_id, webhook_endpoint_id, url, events) values ($1, $2, 'http://shop/', $3)`,
    [bookId, id, events],
  );
  return id;
}

function buildEvent(type: EventType): EventDraft {
  const eventId = newUuid();
  const move = { fromStatus: null, toStatus: null, causeId: null, evidence: null };
  return { bookId: 1, eventId, type, intentId: null, sequence: null, ...move, body: `{"id":"${eventId}"}` };
}

async function endpointsTold(events: readonly EventDraft[]) {
  return world.rows<{ event_id: string; webhook_endpoint_id: string; status: string; is_due: boolean }>(
    `select event_id, webhook_endpoint_id, status, next_attempt_at <= now() as is_due from deliveries
     where event_id = any($1) order by event_id, webhook_endpoint_id`,
    [events.map((event) => event.eventId)],
  );
}

describe('an event and its deliveries', () => {
  it('are written together: one delivery, due at once, for each endpoint that subscribed by the rule', async () => {
    const subscriptions = [['*'], ['payment_intent.final'], ['payment_intent.confirmed', 'transfer.unmatched']];
    const endpoints = new Map<string, readonly string[]>();
    for (const events of subscriptions) endpoints.set(await addEndpoint(events), events);
    const drafts = eventTypes.map(buildEvent);
    await world.payments.inBook(1, (tx) => tx.addEvents(drafts));
    const expected = drafts.flatMap(({ eventId, type }) =>
      [...endpoints]
        .filter(([, events]) => isSubscribed(events, type))
        .map(([id]) => ({ event_id: eventId, webhook_endpoint_id: id, status: 'pending', is_due: true })),
    );
    const byKey = (row: { event_id: string; webhook_endpoint_id: string }) => row.event_id + row.webhook_endpoint_id;
    const sorted = expected.toSorted((a, b) => (byKey(a) < byKey(b) ? -1 : 1));
    expect(await endpointsTold(drafts)).toEqual(sorted);
    expect(sorted.length).toBeGreaterThan(drafts.length);
  });

  it('tell no endpoint that is disabled, nor one of another book', async () => {
    await addEndpoint(['*'], 2);
    const draft = buildEvent('payment_intent.final');
    await world.payments.inBook(1, (tx) => tx.addEvents([draft]));
    expect(await endpointsTold([draft])).toEqual([]);
  });

  it('vanish together when the work throws', async () => {
    await addEndpoint(['*']);
    const draft = buildEvent('payment_intent.final');
    const work = world.payments.inBook(1, async (tx) => {
      await tx.addEvents([draft]);
      throw new Error('stop');
    });
    await expect(work).rejects.toThrow('stop');
    expect(await endpointsTold([draft])).toEqual([]);
    expect(await world.rows('select from events where event_id = $1', [draft.eventId])).toEqual([]);
  });

  it('give each delivery a version 7 id of its moment', async () => {
    const [row] = await world.rows<{ id: string; ms: bigint }>(
      `select new_uuid_v7()::text as id, floor(extract(epoch from clock_timestamp()) * 1000)::bigint as ms`,
    );
    const [id, ms] = [row?.id ?? '', Number(row?.ms)];
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Math.abs(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16) - ms)).toBeLessThan(1_000);
  });
});
