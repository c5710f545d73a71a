import { orNullIfAway } from './chain-unavailable.js';
import type { AttemptRecord } from './ports/records.js';
import type { SettlementGateway } from './ports/settlement-gateway.js';
import type { GasReplacement } from './ports/sweep-store.js';
import type { WorkerDeps } from './worker-deps.js';

/** Blocks this much younger than a transaction, and it in none of them: it does not offer enough. */
const stuckSeconds = 20;
/** Transactions of one signer that one run replaces. */
const replaceMax = 50;

/** An attempt with the newest bytes that were signed for its gas nonce. */
export type OwnTx = {
  readonly attempt: AttemptRecord;
  readonly signedTx: Uint8Array;
  readonly signedAtMs: number;
  /** Its own transaction is 0. */
  readonly number: number;
};

/** What stands signed last for each attempt; those that we signed nothing for are left out. */
export function newestOf(
  attempts: readonly AttemptRecord[],
  replacements: readonly GasReplacement[],
): readonly OwnTx[] {
  const last = new Map(replacements.map((each) => [each.attemptId, each]));
  return attempts.flatMap((attempt) => {
    if (!attempt.signedTx) return [];
    const own = { signedTx: attempt.signedTx, madeAtMs: attempt.sentAtMs ?? 0, number: 0 };
    const { signedTx, madeAtMs, number } = last.get(attempt.attemptId) ?? own;
    return [{ attempt, signedTx, signedAtMs: madeAtMs, number }];
  });
}

/**
 * Transactions of one signer that blocks go by are signed anew at their gas nonce, for more: whoever is next in line in
 * any case, those behind it where they offer less than is asked. Each is written before it is sent. Whichever of them a
 * block holds, the authorization inside pays once.
 */
export async function replaceStuck(
  deps: Pick<WorkerDeps, 'sweep' | 'readerOf'>,
  settlement: SettlementGateway,
  signer: { readonly address: string; readonly network: string; readonly minedNonces: bigint },
  waiting: readonly OwnTx[],
): Promise<number> {
  const headSeconds = await headTime(deps, signer.network);
  if (headSeconds === null) return 0;
  const stuck = waiting.filter(({ attempt, signedAtMs }) => {
    const isWaiting = attempt.gasNonce !== null && attempt.gasNonce >= signer.minedNonces;
    return isWaiting && headSeconds - signedAtMs / 1000 >= stuckSeconds;
  });
  let replaced = 0;
  for (const own of stuck.slice(0, replaceMax)) {
    const isForced = own.attempt.gasNonce === signer.minedNonces;
    if (await replaceOne(deps, settlement, signer.address, own, isForced)) replaced += 1;
  }
  return replaced;
}

async function replaceOne(
  deps: Pick<WorkerDeps, 'sweep'>,
  settlement: SettlementGateway,
  signerAddress: string,
  { attempt, signedTx, number }: OwnTx,
  isForced: boolean,
): Promise<boolean> {
  const next = await orNullIfAway(settlement.reprice({ signedTx, signerAddress, isForced }));
  if (next?.kind !== 'signed') return false;
  const { bookId, attemptId } = attempt;
  const { txHash } = next;
  const isOurs = await deps.sweep.addReplacement({
    bookId,
    attemptId,
    number: number + 1,
    txHash,
    signedTx: next.signedTx,
  });
  // Another process that was first sends its own.
  if (isOurs) await settlement.send(next.signedTx);
  return isOurs;
}

async function headTime(deps: Pick<WorkerDeps, 'readerOf'>, network: string): Promise<number | null> {
  const reader = deps.readerOf(network);
  const node = reader ? await orNullIfAway(reader.head()) : null;
  return node?.head.timeUnixSeconds ?? null;
}
