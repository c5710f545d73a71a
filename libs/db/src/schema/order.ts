import { sql } from 'drizzle-orm';
import { bigint, check, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant, table } from './columns.js';

/** Who does what alone. Taking a lease raises `fence`; a paused holder fails on its next write. */
export const leases = table(
  'leases',
  {
    name: text('name').notNull(),
    /** New at every process start; null when nobody holds it. */
    holder: text('holder'),
    fence: bigint('fence', { mode: 'bigint' }).notNull().default(sql`0`),
    expiresAt: instant('expires_at').notNull().default(sql`'-infinity'`),
  },
  (t) => [primaryKey({ name: 'leases_pkey', columns: [t.name] }), check('leases_fence_range', sql`fence >= 0`)],
);
