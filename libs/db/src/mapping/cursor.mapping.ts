import type { BlockPoint, CursorRecord } from '@tollbook/usecases';
import { fromDbHex } from './column.mapping.js';

/** A row of cursors; a height of -1 has no hash. */
export type CursorRow = {
  readonly head_number: bigint;
  readonly head_hash: Uint8Array;
  readonly confirmed_number: bigint;
  readonly confirmed_hash: Uint8Array | null;
  readonly final_number: bigint;
  readonly final_hash: Uint8Array | null;
  readonly frozen_reason: string | null;
};

/** A cursor as use cases see it; the hash of a height that is not known yet is `0x`. */
export function fromDbCursor(network: string, row: CursorRow): CursorRecord {
  return {
    network,
    head: pointOf(row.head_number, row.head_hash),
    confirmed: pointOf(row.confirmed_number, row.confirmed_hash),
    final: pointOf(row.final_number, row.final_hash),
    frozenReason: row.frozen_reason,
  };
}

function pointOf(number: bigint, hash: Uint8Array | null): BlockPoint {
  return { number, hash: fromDbHex(hash ?? new Uint8Array(0)) };
}
