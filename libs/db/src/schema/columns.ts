import { type BuildExtraConfigColumns, type SQL, sql } from 'drizzle-orm';
import {
  bigint,
  check,
  customType,
  integer,
  numeric,
  type PgColumnBuilderBase,
  type PgTableExtraConfigValue,
  pgTable,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';

/** Checks that builders bring along; `table` writes them, so a column of such a kind cannot go without its check. */
const columnRules = new WeakMap<object, { readonly name: string; readonly rule: SQL }>();

/** `pgTable` that adds the checks of its columns, named `<table>_<column>_<rule>`. */
export function table<Name extends string, Columns extends Record<string, PgColumnBuilderBase>>(
  name: Name,
  columns: Columns,
  extra: (self: BuildExtraConfigColumns<Name, Columns, 'pg'>) => PgTableExtraConfigValue[] = () => [],
) {
  const checks = Object.values(columns).flatMap((column) => {
    const found = columnRules.get(column);
    return found ? [check(`${name}_${found.name}`, found.rule)] : [];
  });
  return pgTable(name, columns, (self) => [...checks, ...extra(self)]);
}

/** One merchant in one mode. First column of every key of a table that has it. */
export function bookId() {
  return integer('book_id').notNull();
}

/** A UUIDv7 made by the application, half of the key `(book_id, x_id)`. */
export function uuidKey(name: string) {
  return uuid(name).notNull();
}

/** Atomic units as `bigint`, from 0 to 2^256 - 1; the upper bound also refuses NaN. Nullable until told otherwise. */
export function amountAtomic(name: string) {
  const column = numeric(name, { precision: 78, scale: 0, mode: 'bigint' });
  return ruled(column, `${name}_range`, sql.raw(`${name} >= 0 and ${name} < 2::numeric ^ 256`));
}

/** Atomic units that may be negative: differences of proofs and parts of sums, never money that moves. */
export function signedAmountAtomic(name: string) {
  const column = numeric(name, { precision: 78, scale: 0, mode: 'bigint' });
  return ruled(column, `${name}_range`, sql.raw(`abs(${name}) < 2::numeric ^ 256`));
}

/** A block's height, from 0. */
export function blockNumber(name: string) {
  return ruled(bigint(name, { mode: 'bigint' }), `${name}_range`, sql.raw(`${name} >= 0`));
}

/** Raw bytes; hashes, keys and addresses name their permitted lengths. Hex and base58 stand at the edge only. */
export function bytes(name: string, ...lengths: readonly number[]) {
  const column = bytea(name);
  if (lengths.length === 0) return column;
  return ruled(column, `${name}_length`, sql.raw(`octet_length(${name}) in (${lengths.join(', ')})`));
}

/** An address: 20 bytes on EVM, 32 on Solana. */
export function address(name: string) {
  return bytes(name, 20, 32);
}

/** A transaction's hash or signature: 32 bytes on EVM, 64 on Solana. */
export function txHash(name: string) {
  return bytes(name, 32, 64);
}

/** One word out of a list that `libs/domain` keeps; an enum type is not leakproof and would cost its index. */
export function status<Word extends string, List extends Readonly<[Word, ...Word[]]>>(name: string, list: List) {
  return ruled(text(name, { enum: list }), `${name}_listed`, sql.raw(`${name} in (${literals(list)})`));
}

/** A moment, to the microsecond in the database and the millisecond in TypeScript. */
export function instant(name: string) {
  return timestamp(name, { withTimezone: true, mode: 'date' });
}

/** When the row was written, by the database's clock. */
export function createdAt() {
  return instant('created_at').notNull().defaultNow();
}

/** SQL literals of words from a list of our own; throws on anything that would need quoting. */
export function literals(words: readonly string[]): string {
  for (const word of words) {
    if (!/^[a-z0-9_]+$/.test(word)) throw new Error(`not a plain word: ${word}`);
  }
  return words.map((word) => `'${word}'`).join(', ');
}

const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' });

function ruled<Column extends object>(column: Column, name: string, rule: SQL): Column {
  columnRules.set(column, { name, rule });
  return column;
}
