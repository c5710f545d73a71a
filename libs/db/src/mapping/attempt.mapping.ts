import { attemptKinds, attemptStatuses, failureReasons, settleModes } from '@tollbook/domain';
import type { AttemptRecord } from '@tollbook/usecases';
import type { NetworkIds } from '../network-ids.js';
import {
  fromDbBytes,
  fromDbBytesOrNull,
  fromDbHex,
  fromDbHexOrNull,
  fromDbJson,
  fromDbTime,
  fromDbWord,
  fromDbWordOrNull,
  required,
} from './column.mapping.js';

/** A row as `attemptColumns` selects it. */
export type AttemptRow = {
  readonly book_id: number;
  readonly attempt_id: string;
  readonly intent_id: string;
  readonly network_id: number;
  readonly asset_id: number;
  readonly replay_key: Uint8Array;
  readonly kind: string;
  readonly payer: Uint8Array | null;
  readonly nonce: Uint8Array | null;
  readonly amount_atomic: string;
  readonly valid_before: Date | null;
  readonly request_fingerprint: Uint8Array | null;
  readonly client_net: Uint8Array | null;
  readonly client: string | null;
  readonly x402_version: number | null;
  readonly status: string;
  readonly reason: string | null;
  readonly raw_reason: string | null;
  readonly evidence: unknown;
  readonly epoch: number;
  readonly lease_owner: string | null;
  readonly lease_until: Date | null;
  readonly sent_at: Date | null;
  readonly submitted_at: Date | null;
  readonly served_at: Date | null;
  readonly released_at: Date | null;
  readonly check_at: Date | null;
  readonly last_sent_at: Date | null;
  readonly resent_count: number;
  readonly tx_hash: Uint8Array | null;
  readonly gas_signer_id: number | null;
  readonly gas_nonce: bigint | null;
  readonly signed_tx: Uint8Array | null;
  readonly facilitator_id: string | null;
  readonly settle_mode: string;
  readonly rerun_count: number;
  readonly claimed_tx_hash: Uint8Array | null;
  readonly created_at: Date;
  readonly can_be_taken_over: boolean;
};

/** An attempt as use cases see it. */
export function fromDbAttempt(row: AttemptRow, networks: NetworkIds): AttemptRecord {
  return { ...factsOf(row, networks), ...stateOf(row), canBeTakenOver: row.can_be_taken_over };
}

function factsOf(row: AttemptRow, networks: NetworkIds) {
  return {
    bookId: row.book_id,
    attemptId: row.attempt_id,
    intentId: row.intent_id,
    network: networks.nameOf(row.network_id),
    assetId: row.asset_id,
    kind: fromDbWord(attemptKinds, row.kind),
    replayKeyHash: fromDbBytes(row.replay_key),
    payer: fromDbHex(required(row.payer, 'attempts.payer')),
    nonce: fromDbHexOrNull(row.nonce),
    amountAtomic: BigInt(row.amount_atomic),
    validBeforeUnixSeconds: row.valid_before === null ? null : row.valid_before.getTime() / 1000,
    requestFingerprint: fromDbBytes(required(row.request_fingerprint, 'attempts.request_fingerprint')),
    clientNet: fromDbBytes(required(row.client_net, 'attempts.client_net')),
    client: row.client,
    x402Version: versionOf(row.x402_version),
    createdAtMs: row.created_at.getTime(),
  };
}

function stateOf(row: AttemptRow) {
  return {
    status: fromDbWord(attemptStatuses, row.status),
    reason: fromDbWordOrNull(failureReasons, row.reason),
    rawReason: row.raw_reason,
    evidence: fromDbJson(row.evidence),
    epoch: row.epoch,
    leaseOwner: row.lease_owner,
    leaseUntilMs: fromDbTime(row.lease_until),
    sentAtMs: fromDbTime(row.sent_at),
    submittedAtMs: fromDbTime(row.submitted_at),
    servedAtMs: fromDbTime(row.served_at),
    releasedAtMs: fromDbTime(row.released_at),
    checkAtMs: fromDbTime(row.check_at),
    lastSentAtMs: fromDbTime(row.last_sent_at),
    resentCount: row.resent_count,
    txHash: fromDbHexOrNull(row.tx_hash),
    gasSignerId: row.gas_signer_id,
    gasNonce: row.gas_nonce,
    signedTx: fromDbBytesOrNull(row.signed_tx),
    facilitatorId: row.facilitator_id,
    settleMode: fromDbWord(settleModes, row.settle_mode),
    rerunCount: row.rerun_count,
    claimedTxHash: fromDbHexOrNull(row.claimed_tx_hash),
  };
}

function versionOf(version: number | null): 1 | 2 | null {
  return version === 1 || version === 2 ? version : null;
}
