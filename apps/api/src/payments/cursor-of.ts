import { decodeId, type IdKind } from '@tollbook/domain';
import { ProblemError } from '../problem.js';

/** The id behind a list's `after`; throws a refusal for text that is none of this kind. */
export function cursorOf(kind: IdKind, text: string): string {
  const uuid = decodeId(kind, text);
  if (uuid === null) {
    throw new ProblemError('cursor_invalid', 'Take "after" from the nextCursor of an earlier answer.', {
      parameter: 'after',
    });
  }
  return uuid;
}
