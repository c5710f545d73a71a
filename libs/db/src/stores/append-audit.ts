import { assert, auditHash } from '@tollbook/domain';
import type { AuditContext, AuditDraft, BookRecord } from '@tollbook/usecases';
import type { Session } from '../session.js';
import { sha256 } from '../sha256.js';
import { asStored, insertAudit, lockAuditHead } from '../statements/append-audit.js';

/**
 * Writes changes into the merchant's audit log, in the dbTx that makes them, each chained to the one before. Called
 * last: the end of the chain stays locked until the commit.
 */
export async function appendAudit(
  session: Session,
  book: Pick<BookRecord, 'merchantId' | 'mode'>,
  { actor, requestId, address }: AuditContext,
  drafts: readonly AuditDraft[],
): Promise<void> {
  if (drafts.length === 0) return;
  const head = await lockAuditHead(session, book.merchantId);
  assert(head !== undefined, 'a merchant that changes something has an audit chain');
  let { audit_seq: auditSeq, chain_hash: chainHash } = head;
  const at = head.now;
  for (const draft of drafts) {
    auditSeq += 1n;
    const who = { actorKind: actor.kind, actorId: actor.id, actorName: actor.name, requestId, address };
    // Hashed as it is read back: a text that the database spells otherwise would look forged for ever.
    const entry = await asStored(session, { ...draft, ...who, auditSeq, mode: book.mode });
    chainHash = auditHash(chainHash, { ...entry, atUnixMs: at.getTime() }, sha256);
    await insertAudit(session, book.merchantId, { ...entry, at, chainHash });
  }
}
