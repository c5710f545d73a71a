import { type ComparedLine, comparedFields } from './compare-payment.js';

/** Both sides of a comparison as they are kept: by field, what was expected, what came, and `true` where they differ. */
export type ComparedRecord = Readonly<
  Record<string, readonly [string | null, string | null] | readonly [string | null, string | null, true]>
>;

/** Keeps a comparison in few bytes. */
export function toComparedRecord(lines: readonly ComparedLine[]): ComparedRecord {
  return Object.fromEntries(
    lines.map(({ field, expected, received, differs }) => [
      field,
      differs ? ([expected, received, true] as const) : ([expected, received] as const),
    ]),
  );
}

/** A comparison read back, in its order; empty where nothing was kept, and without what this release does not know. */
export function fromComparedRecord(record: unknown): readonly ComparedLine[] {
  if (typeof record !== 'object' || record === null) return [];
  const kept = new Map<string, unknown>(Object.entries(record));
  return comparedFields.flatMap((field) => {
    const sides = kept.get(field);
    if (!Array.isArray(sides)) return [];
    const [expected, received, differs] = sides;
    return [{ field, expected: textOrNull(expected), received: textOrNull(received), differs: differs === true }];
  });
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
