import { z } from 'zod';

/** A decimal amount in whole units of its asset, such as `0.01`: exact, without a sign, an exponent or padding. */
export const decimalTextSchema = z.string().regex(/^(0|[1-9][0-9]*)(\.[0-9]*[1-9])?$/);

/** An amount in atomic units, as text: JSON numbers end where amounts of tokens do not. */
export const atomicTextSchema = z.string().regex(/^(0|[1-9][0-9]{0,77})$/);

/** A difference of atomic units: negative where the books say more than the chain. */
export const signedAtomicTextSchema = z.string().regex(/^(0|-?[1-9][0-9]{0,77})$/);

/** CAIP-2, such as `eip155:84532`. */
export const networkSchema = z.string().regex(/^[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}$/);

/** ISO 8601 in UTC, ending in Z. */
export const instantSchema = z.iso.datetime();

/** A day in the book's time zone, such as `2026-11-20`. */
export const daySchema = z.iso.date();

/** A block's height. */
export const blockNumberSchema = z.int().nonnegative();

/** Live money and test money never meet in one answer. */
export const modeSchema = z.enum(['test', 'live']);

/** A prefixed id: `pi_` and its like, then 26 characters of base32. */
export function idSchema(prefix: string) {
  return z.string().regex(new RegExp(`^${prefix}_[a-z2-7]{26}$`));
}

/** A sealed invoice id: 80 characters, 112 where its price was quoted. Whoever holds it can read what it bought. */
export const invoiceIdSchema = z.string().regex(/^inv_([a-z2-7]{80}|[a-z2-7]{112})$/);
