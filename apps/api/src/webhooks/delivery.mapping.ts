import type { DeliveryDetail as ApiDeliveryDetail, Event as ApiEvent, Delivery } from '@tollbook/contract';
import { webhookBodySchema } from '@tollbook/contract';
import { encodeId, type Mode } from '@tollbook/domain';
import type { DeliveryDetail, DeliveryRecord, EventRecord } from '@tollbook/usecases';

/** A delivery as `/v1` shows it. */
export function toApiDelivery(record: DeliveryRecord): Delivery {
  return {
    id: encodeId('delivery', record.deliveryId),
    eventId: encodeId('event', record.eventId),
    eventType: record.eventType,
    paymentId: record.intentId === null ? null : encodeId('intent', record.intentId),
    webhookEndpointId: encodeId('webhookEndpoint', record.webhookEndpointId),
    status: record.status,
    tries: record.tries,
    lastHttpStatus: record.lastHttpStatus,
    nextAttemptAt: isoOrNull(record.nextAttemptAtMs),
    doneAt: isoOrNull(record.doneAtMs),
    createdAt: iso(record.createdAtMs),
  };
}

/** A delivery with everything that was sent and answered. */
export function toApiDeliveryDetail(detail: DeliveryDetail): ApiDeliveryDetail {
  return {
    ...toApiDelivery(detail.delivery),
    url: detail.url,
    requestBody: detail.body,
    isResendable: detail.isEndpointEnabled && detail.body !== null,
    attempts: detail.attempts.map((attempt) => ({
      startedAt: iso(attempt.startedAtMs),
      finishedAt: isoOrNull(attempt.finishedAtMs),
      httpStatus: attempt.httpStatus,
      error: attempt.error,
      timings: attempt.timings,
      requestHeaders: fieldsOf(attempt.requestHeaders),
      responseHeaders: fieldsOf(attempt.responseHeaders),
      responseBody: attempt.responseBody,
    })),
  };
}

/** An event as the feed shows it: what its webhook says, and its place. */
export function toApiEvent(record: EventRecord, mode: Mode): ApiEvent {
  const said = record.body === null ? null : webhookBodySchema.parse(JSON.parse(record.body));
  const { position, type, sequence } = record;
  return {
    id: encodeId('event', record.eventId),
    position,
    type,
    timestamp: said?.timestamp ?? iso(record.createdAtMs),
    apiVersion: said?.apiVersion ?? null,
    mode,
    sequence,
    data: said?.data ?? null,
  };
}

function fieldsOf(fields: DeliveryDetail['attempts'][number]['requestHeaders']): [string, string][] | null {
  return fields === null ? null : fields.map(([name, value]) => [name, value]);
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : iso(ms);
}
