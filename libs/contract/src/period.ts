import { z } from 'zod';

const day = /^\d{4}-\d{2}-\d{2}$/;
const moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

/** A day (`2026-11-20`, in the zone of the period), or a moment that names its zone (`2026-11-20T08:00:00+01:00`). */
const dayOrMomentSchema = z
  .string()
  .refine(isDayOrMoment, 'must be a day such as 2026-11-20, or a moment with its zone such as 2026-11-20T08:00:00Z');

/**
 * Query parameters of every report and of lists that may be cut by time. Days are whole and `to` is the last of them; a
 * moment is exact and `to` is the first that no longer counts. Days are those of `zone`, else of the book's own zone.
 */
export const periodParameters = {
  from: dayOrMomentSchema.optional(),
  to: dayOrMomentSchema.optional(),
  zone: z.string().max(64).refine(isTimeZone, 'must be a time zone such as Europe/Berlin').optional(),
};

/** The period an answer is about: moments from `from` on and before `to`, and the zone that its days are those of. */
export const periodSchema = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  firstDay: z.iso.date(),
  lastDay: z.iso.date(),
  zone: z.string(),
});

export type Period = z.infer<typeof periodSchema>;

function isDayOrMoment(text: string): boolean {
  if (!day.test(text) && !moment.test(text)) return false;
  const time = new Date(day.test(text) ? `${text}T00:00:00Z` : text).getTime();
  // A day that is in no month would else be read as one of the next.
  return Number.isFinite(time) && (!day.test(text) || new Date(time).toISOString().startsWith(text));
}

function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '' && !/^[+-]/.test(text);
  } catch {
    return false;
  }
}
