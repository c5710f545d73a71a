import {
  assert,
  type CaseEventType,
  discrepancyKinds,
  encodeId,
  type HandMatchInput,
  intentStatuses,
} from '@tollbook/domain';
import type { BookRecord, DiscrepancyRecord, HandStore, LinkOrder, TellCase } from '@tollbook/usecases';
import type { Pool } from 'pg';
import { changeConfiguration } from '../change-configuration.js';
import { fromDbWord } from '../mapping/column.mapping.js';
import { fromDbDiscrepancy } from '../mapping/discrepancy.mapping.js';
import { newId } from '../new-id.js';
import { beginReading } from '../queries/begin-reading.js';
import {
  changeDiscrepancy,
  closeByHand,
  type HandLinkOrderRow,
  insertHandLink,
  type LinkFactsRow,
  lockDiscrepancy,
  readHandLink,
  readLinkFacts,
  readWaitingHandLink,
  selectAssignees,
} from '../queries/hand-decisions.js';
import { readDiscrepancyRow } from '../queries/list-discrepancies.js';
import { inTransaction, type Session } from '../session.js';
import { sha256 } from '../sha256.js';
import { insertEvents } from '../statements/insert-events.js';

/** `pool` acts as tollbook_app. Every decision leaves its row in the audit log and its event in the same commit. */
export function createHandStore(pool: Pool, tell: TellCase): HandStore {
  return {
    close: (bookId, discrepancyId, { resolution, note }, judge, by) =>
      changeConfiguration<{ refusal: string | null } | null>(
        pool,
        bookId,
        async (session, book) => {
          const row = await lockDiscrepancy(session, bookId, discrepancyId);
          if (!row) return { result: null, isChanged: false };
          const kind = fromDbWord(discrepancyKinds, row.kind);
          const refusal = judge({ kind, isOpen: row.is_open, resolution: row.resolution, note: row.note });
          if (refusal !== null) return { result: { refusal }, isChanged: false };
          await closeByHand(session, bookId, discrepancyId, { resolution, note, actorId: by.actor.id });
          await tellNow(session, book, discrepancyId, 'discrepancy.closed', tell);
          const before = { kind, status: 'open', note: row.note };
          const change = { before, after: { kind, status: 'closed', resolution } };
          const audit = [{ action: 'discrepancy.closed', ...targetOf(discrepancyId), ...change, reason: note }];
          return { result: { refusal: null }, isChanged: false, audit };
        },
        by,
      ),
    change: (bookId, discrepancyId, change, judge, by) =>
      changeConfiguration<{ refusal: string } | { discrepancy: DiscrepancyRecord } | null>(
        pool,
        bookId,
        async (session, book) => {
          const row = await lockDiscrepancy(session, bookId, discrepancyId);
          if (!row) return { result: null, isChanged: false };
          const before = { note: row.note, assigneeId: row.assignee_id };
          const after = { ...before, ...change };
          const isAssigneeMember = await mayWorkOn(session, bookId, after.assigneeId);
          const refusal = judge({ isOpen: row.is_open, isAssigneeMember });
          if (refusal !== null) return { result: { refusal }, isChanged: false };
          if (after.note === before.note && after.assigneeId === before.assigneeId) {
            return { result: { discrepancy: await readNow(session, bookId, discrepancyId) }, isChanged: false };
          }
          await changeDiscrepancy(session, bookId, discrepancyId, after);
          const discrepancy = await tellNow(session, book, discrepancyId, 'discrepancy.updated', tell);
          const audit = [
            { action: 'discrepancy.updated', ...targetOf(discrepancyId), before, after, reason: after.note ?? '' },
          ];
          return { result: { discrepancy }, isChanged: false, audit };
        },
        by,
      ),
    assignees: (bookId) =>
      inTransaction(
        pool,
        (session) => beginReading(session, bookId),
        async (session) => {
          const rows = await selectAssignees(session, bookId);
          return rows.map(({ id, name }) => ({ userId: id, name }));
        },
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
          const after = { kind, paymentId: encodeId('intent', intentId) };
          const audit = [{ action: 'discrepancy.linked', ...targetOf(discrepancyId), before: { kind }, after, reason }];
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

function targetOf(discrepancyId: string) {
  return { targetKind: 'discrepancy', targetId: encodeId('discrepancy', discrepancyId) } as const;
}

async function mayWorkOn(session: Session, bookId: number, assigneeId: string | null): Promise<boolean> {
  return assigneeId === null || (await selectAssignees(session, bookId)).some(({ id }) => id === assigneeId);
}

async function readNow(session: Session, bookId: number, discrepancyId: string): Promise<DiscrepancyRecord> {
  const row = await readDiscrepancyRow(session, bookId, discrepancyId);
  assert(row !== undefined, 'a discrepancy that is locked can be read');
  return fromDbDiscrepancy(row);
}

/** Writes the event that shows the discrepancy as it was just left. */
async function tellNow(
  session: Session,
  book: BookRecord,
  discrepancyId: string,
  type: CaseEventType,
  tell: TellCase,
): Promise<DiscrepancyRecord> {
  const discrepancy = await readNow(session, book.bookId, discrepancyId);
  const event = tell(book, type, discrepancy);
  await insertEvents(session, [{ ...event, bodyHash: sha256(Buffer.from(event.body, 'utf8')) }]);
  return discrepancy;
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
