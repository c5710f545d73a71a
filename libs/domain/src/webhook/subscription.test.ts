import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSubscribable, isSubscribed } from './subscription.js';
import { eventTypes } from './webhook-event.js';

const anyType = fc.constantFrom(...eventTypes);

describe('subscriptions', () => {
  it('tell an endpoint of the types it names and of no other', () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyType), anyType, (events, type) => {
        expect(isSubscribed(events, type)).toBe(events.includes(type));
      }),
    );
  });

  it('tell an endpoint with a star of everything, whatever else it names', () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyType), anyType, (events, type) => {
        expect(isSubscribed([...events, '*'], type)).toBe(true);
      }),
    );
  });

  it('may name a star and the types that exist', () => {
    expect(['*', ...eventTypes].every(isSubscribable)).toBe(true);
    expect(['', '**', 'payment_intent', 'payment_intent.*', 'payment_intent.open'].some(isSubscribable)).toBe(false);
  });
});
