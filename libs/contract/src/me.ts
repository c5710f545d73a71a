import { z } from 'zod';
import { modeSchema } from './scalar.js';
import { personSchema } from './sign-in.js';

const roleSchema = z.enum(['owner']);

/** A merchant that the person belongs to, and as what. */
export const ownMerchantSchema = z.object({ slug: z.string().min(1), name: z.string(), role: roleSchema });

/** A book that the person may open; `slug` goes into the header `Tollbook-Book`, or the query parameter `book`. */
export const ownBookSchema = z.object({
  slug: z.string().min(1),
  mode: modeSchema,
  /** The merchant's. */
  name: z.string(),
  merchantSlug: z.string().min(1),
  /** IANA name of the zone in which the book's days begin and end. */
  timeZone: z.string().min(1),
});

/** `GET /v1/me`: who is signed in. The first book is the one that is meant where none is named. */
export const meSchema = z.object({
  user: personSchema,
  merchants: z.array(ownMerchantSchema),
  books: z.array(ownBookSchema),
  permissions: z.array(z.string()),
});

export type Me = z.infer<typeof meSchema>;
