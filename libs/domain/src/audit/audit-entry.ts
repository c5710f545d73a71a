import { canonicalJson, type JsonValue } from '../canonical-json.js';
import { type Sha256, utf8Bytes } from '../hash.js';

/** Who did it: a user of the dashboard, an API key, or Tollbook itself. */
export const actorKinds = ['user', 'api_key', 'system'] as const;
export type ActorKind = (typeof actorKinds)[number];

/** One line of a merchant's audit log, as its hash sees it. Null `mode` is a change that concerns both books. */
export type AuditEntryForHash = {
  readonly auditSeq: bigint;
  readonly atUnixMs: number;
  readonly mode: string | null;
  readonly actorKind: ActorKind;
  readonly actorId: string;
  readonly actorName: string;
  readonly action: string;
  readonly targetKind: string;
  readonly targetId: string;
  readonly before: JsonValue;
  readonly after: JsonValue;
  readonly reason: string;
  readonly requestId: string | null;
  readonly address: string | null;
};

/** Links an audit entry to the one before it: SHA-256 over the previous hash and the entry's canonical text. */
export function auditHash(previousHash: Uint8Array, entry: AuditEntryForHash, sha256: Sha256): Uint8Array {
  return sha256(previousHash, utf8Bytes(canonicalText(entry)));
}

function canonicalText(entry: AuditEntryForHash): string {
  return canonicalJson([
    entry.auditSeq.toString(),
    entry.atUnixMs,
    entry.mode,
    entry.actorKind,
    entry.actorId,
    entry.actorName,
    entry.action,
    entry.targetKind,
    entry.targetId,
    entry.before,
    entry.after,
    entry.reason,
    entry.requestId,
    entry.address,
  ]);
}
