import { type EventType, encodeId, type Mode } from '@tollbook/domain';

/** The version of what webhooks and `/v1` say; it changes when a field does. */
const apiVersion = '2026-11-20';

/** What an event says, frozen with it: the body of every webhook that tells it. */
export function eventBody(event: {
  readonly eventId: string;
  readonly type: EventType;
  readonly mode: Mode;
  readonly sequence: number | null;
  readonly data: object;
  readonly nowMs: number;
}): string {
  const { type, mode, sequence, data } = event;
  const timestamp = new Date(event.nowMs).toISOString();
  return JSON.stringify({ id: encodeId('event', event.eventId), type, timestamp, apiVersion, mode, sequence, data });
}
