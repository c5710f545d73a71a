import { eventTypes } from '@tollbook/domain';
import { describe, expect, it } from 'vitest';
import {
  changeWebhookEndpointSchema,
  createWebhookEndpointSchema,
  rotateWebhookSecretSchema,
  webhookEventTypes,
} from './webhook-endpoint.js';

describe('webhook endpoints on the wire', () => {
  it('may subscribe to the types that the domain tells, and to no others', () => {
    expect([...webhookEventTypes].toSorted()).toEqual([...eventTypes].toSorted());
    const eventsOf = (events: unknown) => createWebhookEndpointSchema.safeParse({ url: 'https://a.example', events });
    expect(eventsOf(['*']).success).toBe(true);
    expect(eventsOf(['payment_intent.final', 'transfer.unmatched']).success).toBe(true);
    for (const wrong of [[], ['payment_intent.open'], ['*', '*'], '*', [7]])
      expect(eventsOf(wrong).success).toBe(false);
  });

  it('are told of everything unless they say what of', () => {
    expect(createWebhookEndpointSchema.parse({ url: 'https://a.example' }).events).toEqual(['*']);
  });

  it('refuse a change that changes nothing, and one of anything else', () => {
    expect(changeWebhookEndpointSchema.safeParse({ reason: 'because' }).success).toBe(false);
    expect(changeWebhookEndpointSchema.safeParse({ secret: 'whsec_a' }).success).toBe(false);
    expect(changeWebhookEndpointSchema.safeParse({ isEnabled: false }).success).toBe(true);
  });

  it('let a secret overlap for a week at most', () => {
    expect(rotateWebhookSecretSchema.parse({}).overlapSeconds).toBe(86_400);
    for (const wrong of [-1, 604_801, 1.5, '60']) {
      expect(rotateWebhookSecretSchema.safeParse({ overlapSeconds: wrong }).success).toBe(false);
    }
  });
});
