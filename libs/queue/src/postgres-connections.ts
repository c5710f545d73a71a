import { createPostgresBackend, type PgPool, withBackend } from 'bullmq';
import pg from 'pg';
import { type Connections, hintTimeoutMs, type QueueBackend, streams } from './backend.js';
import { queueNames } from './job.js';

/** The namespace of everything BullMQ keeps in the database. */
export const queueSchema = 'bullmq';

const { Queue, Worker } = withBackend(createPostgresBackend);

const connectTimeoutMs = 800;
/** Adding a job needs one connection for a moment; a second keeps a burst from waiting. */
const producerConnectionsMax = 2;
/** Each worker listens on a connection of its own; the others serve all jobs that begin, end or renew their lock. */
const workerConnectionsMax = queueNames.length + 3;
const workerQueryTimeoutMs = 10_000;
/** BullMQ asks again at once after some errors; a database that is starting up is not asked thousands of times. */
const failurePauseMs = 250;

/**
 * Connections to PostgreSQL: at most 2 for queues, made at the first use, and at most 5 for workers. Both pools are ours
 * rather than BullMQ's, since one pool serves all queues and takes the role.
 */
export function connectPostgres(backend: Extract<QueueBackend, { kind: 'postgres' }>): Connections {
  const pools: pg.Pool[] = [];
  const connect = (max: number, applicationName: string, queryTimeoutMs: number): PgPool => {
    const pool = createPool(backend, max, applicationName, queryTimeoutMs);
    pools.push(pool);
    return withPause(pool);
  };
  let producers: PgPool | undefined;
  let workers: PgPool | undefined;
  return {
    newQueue(name) {
      producers ??= connect(producerConnectionsMax, 'tollbook-queue', hintTimeoutMs);
      return new Queue(name, { connection: producers, streams });
    },
    newWorker(name, take, settings) {
      workers ??= connect(workerConnectionsMax, 'tollbook-queue-worker', workerQueryTimeoutMs);
      return new Worker(name, take, { connection: workers, ...settings });
    },
    async close() {
      await Promise.all(pools.map((pool) => pool.end()));
    },
  };
}

function createPool(
  { url, role }: Extract<QueueBackend, { kind: 'postgres' }>,
  max: number,
  applicationName: string,
  queryTimeoutMs: number,
): pg.Pool {
  const pool = new pg.Pool({
    connectionString: withSettings(url, [...(role ? [`role=${role}`] : []), `search_path=${queueSchema}`]),
    max,
    application_name: applicationName,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: queryTimeoutMs,
    statement_timeout: queryTimeoutMs,
    keepAlive: true,
  });
  // BullMQ listens to the pool as well; a connection that breaks while it is lent out would else end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** The URL with settings that the server applies at start-up, after those it already names. */
function withSettings(url: string, settings: readonly string[]): string {
  const parsed = new URL(url);
  const present = parsed.searchParams.get('options');
  const added = settings.map((setting) => `-c ${setting}`).join(' ');
  parsed.searchParams.set('options', present ? `${present} ${added}` : added);
  return parsed.href;
}

/** The part of a pool that BullMQ uses, except that failures are told with a short delay. */
function withPause(pool: pg.Pool): PgPool {
  const paused = async <T>(running: Promise<T>): Promise<T> => {
    try {
      return await running;
    } catch (error) {
      await new Promise((resolve) => setTimeout(resolve, failurePauseMs));
      throw error;
    }
  };
  const bridge = {
    query: (text: string, values?: readonly unknown[]) => paused(pool.query(text, values && [...values])),
    connect: () => paused(pool.connect()),
    end: () => pool.end(),
    on: (event: 'error', listener: (error: Error) => void) => pool.on(event, listener),
    removeAllListeners: () => pool,
  };
  // BullMQ states its own types of the driver; the driver's are wider in the rows and narrower in the listeners.
  return bridge as unknown as PgPool;
}
