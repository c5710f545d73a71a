import { type EventType, eventTypes } from './webhook-event.js';

/** The subscription to every event type, those of later releases included. */
export const everyEvent = '*';

/** Whether an endpoint may subscribe to this word: `*`, or one event type. */
export function isSubscribable(word: string): boolean {
  return word === everyEvent || eventTypes.some((type) => type === word);
}

/** Whether an endpoint with these subscriptions is told of an event. */
export function isSubscribed(events: readonly string[], type: EventType): boolean {
  return events.includes(everyEvent) || events.includes(type);
}
