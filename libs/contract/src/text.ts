import { z } from 'zod';

/**
 * Every text that comes in is this one, or one with a closer shape: what a database keeps and a hash repeats as it came,
 * so no NUL and no half of a surrogate pair.
 */
export const textSchema = z
  .string()
  .refine((text) => !text.includes('\0') && !/\p{Surrogate}/u.test(text), 'has NUL or half a surrogate pair in it');

/**
 * One line of text for people, a reason in the audit log among them: nothing that could break a log, a header or a
 * page, nothing that makes the rest be read backwards, and no spaces around it.
 */
export const lineSchema = textSchema
  .max(300, 'has at most 300 characters')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  .regex(/^[^\u0000-\u001f\u007f\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/, 'has a line break or a control character')
  .trim();

/** What a `DELETE` may be asked: why, for the audit log. */
export const removalQuerySchema = z.strictObject({ reason: lineSchema.default('') });

export type RemovalQuery = z.infer<typeof removalQuerySchema>;

/** A moment in a request: ISO 8601 with its zone, since a time without one means another moment to everybody. */
export const instantInputSchema = z.iso.datetime({
  offset: true,
  error: 'must be a date and time with its zone, such as 2026-12-01T00:00:00Z',
});
