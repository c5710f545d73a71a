import type { ActorKind, JsonValue } from '@tollbook/domain';

/** Who changes something. `id` is the prefixed id of a key or the id of a user; `name` is for people. */
export type Actor = { readonly kind: ActorKind; readonly id: string; readonly name: string };

/** Who changes something and by which request, for the audit log. */
export type AuditContext = {
  readonly actor: Actor;
  readonly requestId: string | null;
  /** Where the request came from: an IP address. */
  readonly address: string | null;
};

/**
 * One change, told in the dbTx that makes it. `action` reads as `price.changed`; `targetId` is a prefixed id. Secrets
 * never stand in `before` or `after`.
 */
export type AuditDraft = {
  readonly action: string;
  readonly targetKind: string;
  readonly targetId: string;
  readonly before: JsonValue;
  readonly after: JsonValue;
  readonly reason: string;
};

/** Tollbook itself: the first start, and what it does on its own. */
export const systemContext: AuditContext = {
  actor: { kind: 'system', id: 'tollbook', name: 'Tollbook' },
  requestId: null,
  address: null,
};

/** Whoever runs the commands of this machine: they hold the master key, and have no account of their own. */
export const commandContext: AuditContext = {
  actor: { kind: 'system', id: 'cli', name: 'Command line' },
  requestId: null,
  address: null,
};
