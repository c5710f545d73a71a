import { setTimeout as delay } from 'node:timers/promises';
import { StoreUnavailable } from '@tollbook/usecases';
import type { ClientBase, Pool, QueryResult, QueryResultRow } from 'pg';
import { commitSql, rollbackSql } from './statements/end-transaction.js';
import { Conflict, isConflict, isUnavailable } from './store-failure.js';

/** One statement of `src/statements`, prepared under its name on each connection that runs it. */
export type Statement = { readonly name: string; readonly text: string };

/** One connection, lent for one unit of work. Its failures are typed: `StoreUnavailable`, or `Conflict` to try again. */
export class Session {
  /** Why this connection must not be used again; undefined while it is sound. */
  failure: StoreUnavailable | undefined;

  constructor(private readonly client: ClientBase) {}

  /** Runs one prepared statement with its values. */
  async run<Row extends QueryResultRow>(
    statement: Statement,
    values: readonly unknown[] = [],
  ): Promise<QueryResult<Row>> {
    return this.translated(this.client.query<Row>({ ...statement, values: [...values] }));
  }

  /** Runs several statements without values in one round trip; the last one's first row is the answer. */
  async runTogether<Row extends QueryResultRow>(text: string): Promise<Row | undefined> {
    // The driver answers such a text with one result a statement, which its types do not say.
    const results = (await this.translated(this.client.query<Row>({ text }))) as unknown as QueryResult<Row>[];
    return results[results.length - 1]?.rows[0];
  }

  private async translated<T>(running: Promise<T>): Promise<T> {
    try {
      return await running;
    } catch (error) {
      const translated = translate(error);
      if (translated instanceof StoreUnavailable) this.failure = translated;
      throw translated;
    }
  }
}

/** How often a unit of work starts again after a deadlock or a serialization failure. */
const triesMax = 3;
/** Two that met and were both thrown out must not meet again. */
const retryDelayMsMax = 50;

/** Lends a connection for statements that each commit by themselves. */
export async function withSession<T>(pool: Pool, work: (session: Session) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    if (tries > 1) await delay(Math.random() * retryDelayMsMax);
    const client = await connect(pool);
    const session = new Session(client);
    try {
      return await work(session);
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
      if (tries === triesMax) throw new StoreUnavailable('the database kept refusing a transaction', { cause: error });
    } finally {
      client.release(session.failure);
    }
  }
}

/**
 * One dbTx: commits when `work` resolves, rolls back when it throws, and starts again after a deadlock, so `work` may
 * run more than once. `begin` opens the transaction.
 */
export async function inTransaction<Opened, T>(
  pool: Pool,
  begin: (session: Session) => Promise<Opened>,
  work: (session: Session, opened: Opened) => Promise<T>,
): Promise<T> {
  return withSession(pool, async (session) => {
    try {
      const result = await work(session, await begin(session));
      const { command } = await session.run(commitSql);
      // A transaction that failed and was carried on in spite of it ends like this, without an error.
      if (command !== 'COMMIT') throw new Error('the transaction had failed before its commit');
      return result;
    } catch (error) {
      // What went wrong first is what is told; a connection that cannot roll back is thrown away by its owner.
      if (!session.failure) await session.run(rollbackSql).catch(() => undefined);
      throw error;
    }
  });
}

async function connect(pool: Pool) {
  try {
    return await pool.connect();
  } catch (error) {
    throw translate(error);
  }
}

function translate(error: unknown): unknown {
  if (isConflict(error)) return new Conflict('two transactions were in each other’s way', { cause: error });
  if (isUnavailable(error)) return new StoreUnavailable('the database is away', { cause: error });
  return error;
}
