import type { Session } from '../session.js';

export type LockedDiscrepancyRow = {
  readonly kind: string;
  readonly transfer_id: string | null;
  readonly is_open: boolean;
  readonly resolution: string | null;
  readonly note: string | null;
  readonly assignee_id: string | null;
};

export type LinkFactsRow = {
  readonly transfer_amount: string;
  readonly is_final: boolean;
  readonly is_same_asset: boolean;
  readonly is_same_wallet: boolean;
  readonly status: string;
  readonly due: string;
  readonly price: string;
  readonly is_being_tried: boolean;
  readonly paid: string;
};

export type HandLinkOrderRow = {
  readonly hand_link_id: string;
  readonly intent_id: string;
  readonly is_done: boolean;
  readonly refusal: string | null;
};

const orderColumns = 'h.hand_link_id, h.intent_id, h.done_at is not null as is_done, h.refusal';

const lock = {
  name: 'lock_discrepancy',
  text: `select d.kind, d.transfer_id, d.closed_at is null as is_open, d.resolution, d.note, d.assignee_id
    from discrepancies d where d.book_id = $1 and d.discrepancy_id = $2 for update`,
};

const close = {
  name: 'close_discrepancy_by_hand',
  text: `update discrepancies set closed_at = now(), resolution = $3, note = $4, actor_id = $5
    where book_id = $1 and discrepancy_id = $2`,
};

const change = {
  name: 'change_discrepancy',
  text: `update discrepancies set note = $3, assignee_id = $4 where book_id = $1 and discrepancy_id = $2`,
};

const assignees = {
  name: 'select_assignees',
  text: `select u.id, u.name from auth.members m join auth.users u on u.id = m.user_id
    join books b on b.merchant_id = m.merchant_id
    where b.book_id = $1 order by u.name, u.id`,
};

const facts = {
  name: 'read_link_facts',
  text: `select t.amount_atomic as transfer_amount, t.asset_id = i.asset_id as is_same_asset,
      coalesce(t.to_wallet_id = i.wallet_id, false) as is_same_wallet,
      coalesce(t.block_number <= c.final_number, false) as is_final, i.status,
      coalesce(i.reserved_atomic, i.amount_atomic) as due, i.amount_atomic as price,
      exists (
        select from attempts a where a.book_id = i.book_id and a.intent_id = i.intent_id
          and a.status not in ('failed', 'confirmed', 'final')
      ) as is_being_tried,
      coalesce((
        select sum(al.amount_atomic + al.forgiven_atomic) from allocations al
        where al.book_id = i.book_id and al.intent_id = i.intent_id and al.reversed_at is null
          and al.bucket in ('payment', 'partial')
      ), 0) as paid
    from transfers t
    join payment_intents i on i.book_id = t.book_id and i.intent_id = $3 and i.network_id is not null
    left join cursors c on c.network_id = t.network_id and c.lane = 0
    where t.book_id = $1 and t.transfer_id = $2`,
};

const order = {
  name: 'order_hand_link',
  text: `insert into hand_links (book_id, hand_link_id, discrepancy_id, transfer_id, intent_id, actor_id, reason)
    values ($1, $2, $3, $4, $5, $6, $7)`,
};

const waiting = {
  name: 'read_waiting_hand_link',
  text: `select ${orderColumns} from hand_links h where h.book_id = $1 and h.discrepancy_id = $2 and h.done_at is null`,
};

const one = {
  name: 'read_hand_link',
  text: `select ${orderColumns} from hand_links h where h.book_id = $1 and h.hand_link_id = $2`,
};

/** Locks a discrepancy, so that two people do not end it in two ways. */
export async function lockDiscrepancy(
  session: Session,
  bookId: number,
  discrepancyId: string,
): Promise<LockedDiscrepancyRow | undefined> {
  return (await session.run<LockedDiscrepancyRow>(lock, [bookId, discrepancyId])).rows[0];
}

/** Ends a discrepancy in the name of a person. */
export async function closeByHand(
  session: Session,
  bookId: number,
  discrepancyId: string,
  closing: { readonly resolution: string; readonly note: string; readonly actorId: string },
): Promise<void> {
  await session.run(close, [bookId, discrepancyId, closing.resolution, closing.note, closing.actorId]);
}

/** Writes what is noted about a discrepancy, and who works on it. */
export async function changeDiscrepancy(
  session: Session,
  bookId: number,
  discrepancyId: string,
  next: { readonly note: string | null; readonly assigneeId: string | null },
): Promise<void> {
  await session.run(change, [bookId, discrepancyId, next.note, next.assigneeId]);
}

/** Everybody who belongs to the book's merchant, by name. */
export async function selectAssignees(
  session: Session,
  bookId: number,
): Promise<{ readonly id: string; readonly name: string }[]> {
  return (await session.run<{ readonly id: string; readonly name: string }>(assignees, [bookId])).rows;
}

/** What the rule about linking looks at; undefined where the book has no such payment. */
export async function readLinkFacts(
  session: Session,
  bookId: number,
  transferId: string,
  intentId: string,
): Promise<LinkFactsRow | undefined> {
  return (await session.run<LinkFactsRow>(facts, [bookId, transferId, intentId])).rows[0];
}

/** Writes an order for the worker. */
export async function insertHandLink(
  session: Session,
  bookId: number,
  link: {
    readonly handLinkId: string;
    readonly discrepancyId: string;
    readonly transferId: string;
    readonly intentId: string;
    readonly actorId: string;
    readonly reason: string;
  },
): Promise<void> {
  const { handLinkId, discrepancyId, transferId, intentId, actorId, reason } = link;
  await session.run(order, [bookId, handLinkId, discrepancyId, transferId, intentId, actorId, reason]);
}

/** The order about a discrepancy that waits to be carried out. */
export async function readWaitingHandLink(
  session: Session,
  bookId: number,
  discrepancyId: string,
): Promise<HandLinkOrderRow | undefined> {
  return (await session.run<HandLinkOrderRow>(waiting, [bookId, discrepancyId])).rows[0];
}

/** An order, and what became of it. */
export async function readHandLink(
  session: Session,
  bookId: number,
  handLinkId: string,
): Promise<HandLinkOrderRow | undefined> {
  return (await session.run<HandLinkOrderRow>(one, [bookId, handLinkId])).rows[0];
}
