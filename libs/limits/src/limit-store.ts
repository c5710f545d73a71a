import type { Redis } from 'ioredis';

/** A statement of the limiter library, as `pg` takes it. */
export type LimitStatement = { readonly name?: string; readonly text: string; readonly values?: unknown[] };

/** Runs one statement on a connection that may read and write the table of counters. */
export type LimitQuery = (
  statement: LimitStatement,
) => Promise<{ readonly rows: readonly object[]; readonly rowCount: number | null }>;

/** Where calls are counted: in this process, or for all processes together. */
export type LimitStore =
  | { readonly kind: 'memory'; readonly keysMax?: number }
  | { readonly kind: 'postgres'; readonly query: LimitQuery; readonly table: string }
  | { readonly kind: 'redis'; readonly client: Redis; readonly prefix: string };
