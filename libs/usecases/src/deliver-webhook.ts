import { encodeId, judgeTry, never, type TryOutcome } from '@tollbook/domain';
import type { DeliveryResult, LeasedDelivery } from './ports/delivery-store.js';
import type { Failpoint } from './ports/failpoint.js';
import type { SentWebhook, WebhookSender } from './ports/webhook-sender.js';

export type DeliverDeps = {
  readonly sender: WebhookSender;
  /** Opens what was sealed under `aad`. */
  readonly openSecret: (sealed: Uint8Array, aad: string) => Promise<Uint8Array>;
  /** Evenly from [0, 1). */
  readonly chance: () => number;
  readonly failpoint: Failpoint;
};

/** What a secret's column is bound to, so that its sealed bytes open in no other row. */
export function webhookSecretAad(webhookSecretId: string): string {
  return `webhook_secrets.secret/${webhookSecretId}`;
}

/** Sends a delivery once and says what becomes of it. Nothing is written; the try's row is there already. */
export async function deliverWebhook(deps: DeliverDeps, leased: LeasedDelivery): Promise<DeliveryResult> {
  // An event that is no longer kept whole cannot be told any more.
  if (leased.body === null) return unsent(leased, 'exhausted', 'body_not_kept');
  const secrets = await Promise.all(
    leased.secrets.map(({ webhookSecretId, secretSealed }) =>
      deps.openSecret(secretSealed, webhookSecretAad(webhookSecretId)),
    ),
  );
  const id = encodeId('event', leased.eventId);
  const sent = await deps.sender.send({ url: leased.url, id, body: leased.body, secrets });
  deps.failpoint('delivery_answered');
  return { ...keyOf(leased), ...fateOf(sent, leased.tries, deps.chance()), sent, unsentReason: null };
}

/** A delivery that could not even be tried waits for its next turn. */
export function undeliverable(leased: LeasedDelivery, chance: number): DeliveryResult {
  const verdict = judgeTry({ kind: 'unanswered' }, leased.tries, chance);
  if (verdict.kind !== 'retry') return unsent(leased, 'exhausted', 'internal');
  return { ...unsent(leased, 'pending', 'internal'), delayMs: verdict.delayMs };
}

function unsent(leased: LeasedDelivery, status: DeliveryResult['status'], unsentReason: string): DeliveryResult {
  return { ...keyOf(leased), status, delayMs: null, isGone: false, sent: null, unsentReason };
}

function fateOf(sent: SentWebhook, tries: number, chance: number) {
  const { httpStatus, retryAfterSeconds } = sent;
  const outcome: TryOutcome =
    httpStatus === null ? { kind: 'unanswered' } : { kind: 'answered', httpStatus, retryAfterSeconds };
  const verdict = judgeTry(outcome, tries, chance);
  switch (verdict.kind) {
    case 'delivered':
      return { status: 'delivered', delayMs: null, isGone: false } as const;
    case 'retry':
      return { status: 'pending', delayMs: verdict.delayMs, isGone: false } as const;
    case 'exhausted':
      return { status: 'exhausted', delayMs: null, isGone: false } as const;
    case 'gone':
      return { status: 'dropped', delayMs: null, isGone: true } as const;
    default:
      return never(verdict);
  }
}

function keyOf({ bookId, deliveryId, deliveryAttemptId, webhookEndpointId, tries }: LeasedDelivery) {
  return { bookId, deliveryId, deliveryAttemptId, webhookEndpointId, tries };
}
