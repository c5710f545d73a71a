import { describe, expect, it } from 'vitest';
import { deliverWebhook, undeliverable } from './deliver-webhook.js';
import type { LeasedDelivery } from './ports/delivery-store.js';
import type { SentWebhook, WebhookMessage } from './ports/webhook-sender.js';

const leased: LeasedDelivery = {
  bookId: 1,
  deliveryId: '01930000-0000-7000-8000-000000000001',
  deliveryAttemptId: '01930000-0000-7000-8000-000000000002',
  webhookEndpointId: '01930000-0000-7000-8000-000000000003',
  eventId: '01930000-0000-7000-8000-000000000004',
  tries: 1,
  url: 'https://shop.example/hook',
  body: '{}',
  secrets: [{ webhookSecretId: 'a', secretSealed: new Uint8Array([1]) }],
};

const answer = (httpStatus: number | null, more: Partial<SentWebhook> = {}): SentWebhook => ({
  requestHeaders: [],
  httpStatus,
  retryAfterSeconds: null,
  error: null,
  responseHeaders: null,
  responseBody: null,
  timings: { headMs: null, totalMs: 1 },
  ...more,
});

async function deliver(sent: SentWebhook, change: Partial<LeasedDelivery> = {}) {
  const messages: WebhookMessage[] = [];
  const reached: string[] = [];
  const opened: string[] = [];
  const result = await deliverWebhook(
    {
      sender: {
        send: async (message) => {
          messages.push(message);
          return sent;
        },
      },
      openSecret: async (sealed, aad) => {
        opened.push(aad);
        return sealed;
      },
      chance: () => 0.5,
      failpoint: (name) => void reached.push(name),
    },
    { ...leased, ...change },
  );
  return { result, messages, reached, opened };
}

describe('deliverWebhook', () => {
  it('sends the body as it was frozen under the id of its event, signed with secrets bound to their rows', async () => {
    const { messages, opened, reached } = await deliver(answer(200));
    const id = expect.stringMatching(/^evt_[a-z2-7]{26}$/);
    expect(messages).toEqual([{ url: leased.url, id, body: '{}', secrets: [new Uint8Array([1])] }]);
    expect(opened).toEqual(['webhook_secrets.secret/a']);
    expect(reached).toEqual(['delivery_answered']);
  });

  it('is done with a 2xx', async () => {
    const { result } = await deliver(answer(204));
    expect(result).toMatchObject({ status: 'delivered', delayMs: null, isGone: false, deliveryId: leased.deliveryId });
  });

  it('waits by the schedule after anything else', async () => {
    expect((await deliver(answer(500))).result).toMatchObject({ status: 'pending', delayMs: 5_000 });
    expect((await deliver(answer(302))).result).toMatchObject({ status: 'pending', delayMs: 5_000 });
    expect((await deliver(answer(null, { error: 'timeout' }), { tries: 3 })).result).toMatchObject({
      status: 'pending',
      delayMs: 300_000,
    });
    expect((await deliver(answer(429, { retryAfterSeconds: 60 }))).result).toMatchObject({ delayMs: 60_000 });
  });

  it('gives up after the last try, and at once where the receiver is gone', async () => {
    expect((await deliver(answer(500), { tries: 11 })).result).toMatchObject({ status: 'exhausted', delayMs: null });
    expect((await deliver(answer(410))).result).toMatchObject({ status: 'dropped', isGone: true });
  });

  it('sends nothing where the body is no longer kept', async () => {
    const { result, messages } = await deliver(answer(200), { body: null });
    expect(messages).toEqual([]);
    expect(result).toMatchObject({ status: 'exhausted', sent: null, unsentReason: 'body_not_kept' });
  });
});

describe('undeliverable', () => {
  it('waits like a failure, and gives up like one', () => {
    expect(undeliverable(leased, 0.5)).toMatchObject({ status: 'pending', delayMs: 5_000, unsentReason: 'internal' });
    expect(undeliverable({ ...leased, tries: 11 }, 0.5)).toMatchObject({ status: 'exhausted', delayMs: null });
  });
});
