import { assert, deliveryStatuses } from '@tollbook/domain';
import type { DeliveryAttemptRecord, DeliveryRecord } from '@tollbook/usecases';
import type { DeliveryAttemptRow, DeliveryRow } from '../queries/read-deliveries.js';
import { fromDbTime, fromDbWord } from './column.mapping.js';

/** A delivery as use cases see it. */
export function fromDbDelivery(row: DeliveryRow): DeliveryRecord {
  return {
    deliveryId: row.delivery_id,
    eventId: row.event_id,
    eventType: row.type,
    intentId: row.intent_id,
    webhookEndpointId: row.webhook_endpoint_id,
    status: fromDbWord(deliveryStatuses, row.status),
    tries: row.tries,
    lastHttpStatus: row.last_http_status,
    nextAttemptAtMs: fromDbTime(row.next_attempt_at),
    doneAtMs: fromDbTime(row.done_at),
    createdAtMs: row.created_at.getTime(),
  };
}

/** A try as use cases see it; what we wrote as JSON ourselves is read back as what it was. */
export function fromDbDeliveryAttempt(row: DeliveryAttemptRow): DeliveryAttemptRecord {
  return {
    startedAtMs: row.started_at.getTime(),
    finishedAtMs: fromDbTime(row.finished_at),
    httpStatus: row.http_status,
    error: row.error,
    timings: row.timings === null ? null : timingsOf(row.timings),
    requestHeaders: row.request_headers === null ? null : fieldsOf(row.request_headers),
    responseHeaders: row.response_headers === null ? null : fieldsOf(row.response_headers),
    responseBody: row.response_body,
  };
}

function timingsOf(value: unknown): { headMs: number | null; totalMs: number } {
  assert(typeof value === 'object' && value !== null && 'totalMs' in value, 'timings are an object');
  const headMs = 'headMs' in value && typeof value.headMs === 'number' ? value.headMs : null;
  return { headMs, totalMs: Number(value.totalMs) };
}

function fieldsOf(value: unknown): [string, string][] {
  assert(Array.isArray(value), 'header fields are a list');
  return value.map((field: unknown) => {
    assert(Array.isArray(field) && field.length === 2, 'a header field is a pair');
    return [String(field[0]), String(field[1])];
  });
}
