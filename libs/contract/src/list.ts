import { z } from 'zod';

/** How many items a list shows when it is not told, and at most. */
export const listLimitDefault = 20;
export const listLimitMax = 100;

/** Query parameters of every list. Text comes in, as from a URL; a parameter given twice is refused. */
export const listParameters = {
  limit: z
    .string()
    .regex(/^[1-9][0-9]{0,2}$/, `must be a whole number from 1 to ${listLimitMax}`)
    .transform(Number)
    .refine((limit) => limit <= listLimitMax, `must be at most ${listLimitMax}`)
    .default(listLimitDefault),
  /** The `nextCursor` of the page before; opaque. */
  after: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,200}$/, 'must be the nextCursor of an earlier answer')
    .optional(),
};

/** One page of a list, newest first; `nextCursor` is null on the last one. */
export function listAnswerSchema<Item extends z.ZodType>(item: Item) {
  return z.object({ data: z.array(item), nextCursor: z.string().nullable() });
}
