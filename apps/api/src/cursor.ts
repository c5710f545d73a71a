import { decodeId, type IdKind } from '@tollbook/domain';
import { ProblemError } from './problem.js';

/** The id behind a list's `after`, or null where the list is asked from its beginning. */
export function afterId(kind: IdKind, after: string | undefined): string | null {
  if (after === undefined) return null;
  const uuid = decodeId(kind, after);
  if (uuid === null) throw cursorInvalid();
  return uuid;
}

/** The number behind the `after` of a list that is numbered. */
export function afterNumber(after: string | undefined): number | null {
  if (after === undefined) return null;
  if (!/^[1-9][0-9]{0,8}$/.test(after)) throw cursorInvalid();
  return Number(after);
}

/** A page of at most `limit` of rows that were read one more than that, and where the next begins. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  shown: (row: Row) => Item,
  cursorOf: (row: Row) => string,
): { data: Item[]; nextCursor: string | null } {
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page[page.length - 1] : undefined;
  return { data: page.map(shown), nextCursor: last === undefined ? null : cursorOf(last) };
}

/** The UUID in a path, or the 404 that an id of another kind and an id of nothing share. */
export function pathId(kind: IdKind, id: string, noun: string): string {
  const uuid = decodeId(kind, id);
  if (uuid === null) throw notFound(noun);
  return uuid;
}

export function notFound(noun: string): ProblemError {
  return new ProblemError('not_found', `No ${noun} has this id.`);
}

function cursorInvalid(): ProblemError {
  return new ProblemError('cursor_invalid', 'Take "after" from the nextCursor of an earlier answer.', {
    parameter: 'after',
  });
}
