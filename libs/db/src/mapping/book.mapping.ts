import { modes } from '@tollbook/domain';
import type { BookRecord } from '@tollbook/usecases';
import { fromDbWord } from './column.mapping.js';

/** A row of books. */
export type BookRow = {
  readonly book_id: number;
  readonly merchant_id: string;
  readonly mode: string;
  readonly gate_slug: string;
  readonly time_zone: string;
  readonly config_version: bigint;
};

/** A book as use cases see it. */
export function fromDbBook(row: BookRow): BookRecord {
  return {
    bookId: row.book_id,
    merchantId: row.merchant_id,
    mode: fromDbWord(modes, row.mode),
    gateSlug: row.gate_slug,
    timeZone: row.time_zone,
    configVersion: row.config_version,
  };
}
