import { z } from 'zod';

/** One line of text for people, a reason in the audit log among them: nothing that could break a log, a header or a page. */
export const lineSchema = z
  .string()
  .max(300, 'has at most 300 characters')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  .regex(/^[^\u0000-\u001f\u007f\u2028\u2029]*$/, 'has a line break or a control character');

/** A moment in a request: ISO 8601 with its zone, since a time without one means another moment to everybody. */
export const instantInputSchema = z.iso.datetime({
  offset: true,
  error: 'must be a date and time with its zone, such as 2026-12-01T00:00:00Z',
});
