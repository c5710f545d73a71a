import { discrepancyKinds, encodeId, type HandMatchInput, intentStatuses } from '@tollbook/domain';
import type { HandStore, LinkOrder } from '@tollbook/usecases';
import type { Pool } from 'pg';
import { changeConfiguration } from '../change-configuration.js';
import { fromDbWord } from '../mapping/column.mapping.js';
import { newId } from '../new-id.js';
import { beginReading } from '../queries/begin-reading.js';
import {
  closeByHand,
  type HandLinkOrderRow,
  insertHandLink,
  type LinkFactsRow,
  lockDiscrepancy,
  readHandLink,
  readLinkFacts,
  readWaitingHandLink,
} from '../queries/hand-decisions.js';
import { inTransaction } from '../session.js';

/** `pool` acts as tollbook_app. Every decision leaves its row in the audit log, in the same commit. */
export function createHandStore(pool: Pool): HandStore {
  return {
    close: (bookId, discrepancyId, { resolution, note }, judge, by) =>
      changeConfiguration<{ refusal: string | null } | null>(
        pool,
        bookId,
        async (session) => {
          const row = await lockDiscrepancy(session, bookId, discrepancyId);
          if (!row) return { result: null, isChanged: false };
          const kind = fromDbWord(discrepancyKinds, row.kind);
          const refusal = judge({ kind, isOpen: row.is_open });
          if (refusal !== null) return { result: { refusal }, isChanged: false };
          await closeByHand(session, bookId, discrepancyId, { resolution, note, actorId: by.actor.id });
          const target = { targetKind: 'discrepancy', targetId: encodeId('discrepancy', discrepancyId) };
          const change = { before: { kind, status: 'open' }, after: { kind, status: 'closed', resolution } };
          const audit = [{ action: 'discrepancy.closed', ...target, ...change, reason: note }];
          return { result: { refusal: null }, isChanged: false, audit };
        },
        by,
      ),
    orderLink: (bookId, discrepancyId, { intentId, reason }, judge, by) =>
      changeConfiguration<{ refusal: string } | { order: LinkOrder } | null>(
        pool,
        bookId,
        async (session) => {
          const row = await lockDiscrepancy(session, bookId, discrepancyId);
          if (!row) return { result: null, isChanged: false };
          const waiting = await readWaitingHandLink(session, bookId, discrepancyId);
          if (waiting) return { result: { order: fromDbOrder(waiting) }, isChanged: false };
          const { transfer_id: transferId } = row;
          const facts = transferId ? await readLinkFacts(session, bookId, transferId, intentId) : undefined;
          const kind = fromDbWord(discrepancyKinds, row.kind);
          const refusal = judge({ kind, isOpen: row.is_open, match: facts ? fromDbFacts(facts, intentId) : null });
          if (refusal !== null || !transferId) {
            return { result: { refusal: refusal ?? 'transfer_unknown' }, isChanged: false };
          }
          const handLinkId = newId();
          const link = { handLinkId, discrepancyId, transferId, intentId, actorId: by.actor.id, reason };
          await insertHandLink(session, bookId, link);
          const target = { targetKind: 'discrepancy', targetId: encodeId('discrepancy', discrepancyId) };
          const after = { kind, paymentId: encodeId('intent', intentId) };
          const audit = [{ action: 'discrepancy.linked', ...target, before: { kind }, after, reason }];
          return { result: { order: { handLinkId, intentId, isDone: false, refusal: null } }, isChanged: false, audit };
        },
        by,
      ),
    linkOrder: (bookId, handLinkId) =>
      inTransaction(
        pool,
        (session) => beginReading(session, bookId),
        async (session) => {
          const row = await readHandLink(session, bookId, handLinkId);
          return row ? fromDbOrder(row) : null;
        },
      ),
  };
}

function fromDbOrder(row: HandLinkOrderRow): LinkOrder {
  return { handLinkId: row.hand_link_id, intentId: row.intent_id, isDone: row.is_done, refusal: row.refusal };
}

function fromDbFacts(row: LinkFactsRow, intentId: string): HandMatchInput {
  return {
    amountAtomic: BigInt(row.transfer_amount),
    isFinal: row.is_final,
    isSameAsset: row.is_same_asset,
    isSameWallet: row.is_same_wallet,
    intentId,
    intentStatus: fromDbWord(intentStatuses, row.status),
    isBeingTried: row.is_being_tried,
    dueAtomic: BigInt(row.due),
    priceAtomic: BigInt(row.price),
    paidAtomic: BigInt(row.paid),
  };
}
