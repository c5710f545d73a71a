import {
  type Asset,
  hexOf,
  type IntentStatus,
  intentIdOfInvoice,
  invoiceSaltBytes,
  type Mode,
  resourceTagBytes,
  type SealKey,
  sealInvoiceBytes,
  utf8Bytes,
} from '@tollbook/domain';
import { type ChangeDeps, refreshContext } from './change-attempt.js';
import { type ConfigurationRefusal, refuse } from './configuration-refusal.js';
import type { Actor } from './ports/audit.js';
import type { Receiver } from './ports/configuration-store.js';
import type { StandingOf } from './ports/network-standing.js';
import type { StoredIntentDraft, StoredIntentRecord, StoredIntentStore } from './ports/stored-intents.js';
import { priceAmounts } from './price-amounts.js';
import { cancelIntent, tellCreated } from './refresh-intent.js';
import { vetNetworks } from './vet-networks.js';

export type IntentDeps = ChangeDeps & {
  readonly intents: StoredIntentStore;
  readonly currentSealKey: () => SealKey;
  readonly standingOf: StandingOf;
};

export type NewIntent = {
  /** Made by the caller; its time and its bits make the invoice id, so a second run with it meets the same intent. */
  readonly seed: { readonly uuid: string; readonly createdAtMs: number };
  readonly amount: string;
  readonly asset: string;
  readonly network: string | null;
  readonly endpointId: string | null;
  readonly orderId: string | null;
  readonly description: string | null;
  readonly metadata: Readonly<Record<string, unknown>> | null;
  readonly expiresInSeconds: number;
};

export type IntentResult = { readonly kind: 'ok'; readonly intent: StoredIntentRecord } | ConfigurationRefusal;

type Caller = { readonly bookId: number; readonly mode: Mode };

/**
 * Stores an intent with frozen terms and a sealed invoice id that names its book, and tells it: `created`, sequence 1.
 * Its invoice id is the secret of whoever is to pay it.
 */
export async function createIntent(deps: IntentDeps, caller: Caller, input: NewIntent): Promise<IntentResult> {
  const issuedAtUnixSeconds = Math.floor(input.seed.createdAtMs / 1000);
  const fields = {
    isLive: caller.mode === 'live',
    isStored: true,
    reference: BigInt(caller.bookId),
    issuedAtUnixSeconds,
    salt: deps.crypto.sha256(utf8Bytes(`tollbook/stored-salt/1/${input.seed.uuid}`)).slice(0, invoiceSaltBytes),
    resourceTag: new Uint8Array(resourceTagBytes),
  };
  const invoiceId = sealInvoiceBytes(fields, deps.currentSealKey(), deps.crypto.hmacSha256);
  const intentId = intentIdOfInvoice(invoiceId, deps.crypto.sha256);
  return deps.intents.inBook<IntentResult>(caller.bookId, async (tx) => {
    const made = await tx.intent(intentId);
    if (made) return { kind: 'ok', intent: made };
    const receivers = await tx.receivers();
    const network = input.network ?? defaultNetwork(deps.catalog.assets, receivers, input.asset);
    if (network === null) return refuse('wallet_missing', 'networks', 'Add a receiving wallet first.');
    const parameters = { amount: 'amount', asset: 'asset', free: 'free' };
    const written = { amount: input.amount, asset: input.asset, isFree: false, networks: [network], parameters };
    const priced = priceAmounts(deps.catalog, caller.mode, written);
    if (priced.kind === 'refused') return priced;
    const closed = vetNetworks(deps.standingOf, [network], (at) => `networks.${at}`);
    if (closed) return closed;
    const [price] = priced.amounts;
    const receiver = receivers.find((each) => each.network === network);
    if (!receiver || !price) return refuse('wallet_missing', 'networks', `Add a receiving wallet on ${network} first.`);
    if (input.endpointId !== null && !(await tx.hasEndpoint(input.endpointId))) {
      return refuse('endpoint_unknown', 'endpointId', 'No endpoint has this id.');
    }
    const draft: StoredIntentDraft = {
      ...price,
      bookId: caller.bookId,
      intentId,
      invoiceId,
      source: 'api',
      termsNumber: null,
      endpointId: input.endpointId,
      priceVersionId: null,
      walletId: receiver.walletId,
      fingerprint: null,
      expiresAtMs: (issuedAtUnixSeconds + input.expiresInSeconds) * 1000,
      orderId: input.orderId,
      description: input.description,
      metadata: input.metadata,
    };
    const context = refreshContext(deps, caller, tx.nowMs, null);
    await tx.insertIntent(draft, tellCreated(bornIntent(draft, tx.nowMs), context));
    const intent = await tx.intent(intentId);
    if (!intent) throw new Error(`an intent that was written can be read: ${hexOf(invoiceId).slice(0, 8)}`);
    return { kind: 'ok', intent };
  });
}

/** The network of the book's first wallet that receives the asset; null where nobody does. */
function defaultNetwork(assets: readonly Asset[], receivers: readonly Receiver[], symbol: string): string | null {
  const isTaken = ({ network }: Receiver) => assets.some((each) => each.network === network && each.symbol === symbol);
  return (receivers.find(isTaken) ?? receivers[0])?.network ?? null;
}

/** A stored intent as it is at first. */
export function bornIntent(draft: StoredIntentDraft, nowMs: number) {
  return {
    ...draft,
    createdAtMs: nowMs,
    status: 'open' as const,
    sequence: 1,
    payer: null,
    failureReason: null,
    amountRefundedAtomic: 0n,
    invoiceYear: null,
    invoiceNo: null,
    confirmedAtMs: null,
    finalAtMs: null,
    reservedAtomic: null,
    attempts: [],
    allocations: [],
    openDiscrepancies: [],
  };
}

export type CancelResult =
  | { readonly kind: 'ok'; readonly intent: StoredIntentRecord }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'refused'; readonly status: IntentStatus };

/**
 * Ends an intent that nobody is paying. Refused once money may be under way, since only the chain ends that; asked
 * again, it answers the same.
 */
export async function cancelStoredIntent(
  deps: IntentDeps,
  caller: Caller & { readonly actor: Actor },
  { intentId, reason }: { readonly intentId: string; readonly reason: string },
): Promise<CancelResult> {
  return deps.intents.inBook<CancelResult>(caller.bookId, async (tx) => {
    const [locked] = await tx.lockIntents([{ bookId: caller.bookId, intentId }]);
    const before = locked ? await tx.intent(intentId) : null;
    if (!locked || !before) return { kind: 'not_found' };
    if (before.status === 'canceled') return { kind: 'ok', intent: before };
    if (before.status !== 'open') return { kind: 'refused', status: before.status };
    const evidence = { actor: caller.actor.id, reason };
    const canceled = cancelIntent(locked, refreshContext(deps, caller, tx.nowMs, null, evidence));
    await tx.saveIntents([canceled.intent]);
    await tx.addEvents(canceled.events);
    return { kind: 'ok', intent: { ...canceled.intent, description: before.description } };
  });
}
