import type { Session } from '../session.js';

const assign = {
  name: 'receive_by_wallet',
  text: `insert into wallet_assignments (book_id, wallet_assignment_id, network_id, wallet_id, effective_from, reason,
      actor_id)
    values ($1, $2, $3, $4, $5, $6, $7)`,
};

/** See the migration that made it: the scan waits, and then finds the wallet. */
const holdNext = { name: 'hold_next_block', text: `select hold_next_block($1) as next_block` };

/** Makes a wallet the receiving one of its network from a moment on. */
export async function receiveByWallet(
  session: Session,
  assignment: {
    readonly bookId: number;
    readonly walletAssignmentId: string;
    readonly networkId: number;
    readonly walletId: string;
    readonly from: Date;
    readonly reason: string;
    readonly actorId: string;
  },
): Promise<void> {
  const { bookId, walletAssignmentId, networkId, walletId, from, reason, actorId } = assignment;
  await session.run(assign, [bookId, walletAssignmentId, networkId, walletId, from, reason, actorId]);
}

/** The first block that no scan has read; the cursor stands still until this dbTx ends. Null before the first scan. */
export async function holdNextBlock(session: Session, networkId: number): Promise<bigint | null> {
  const { rows } = await session.run<{ next_block: bigint | null }>(holdNext, [networkId]);
  return rows[0]?.next_block ?? null;
}
