import pg from 'pg';

/** A test and its database answer each other this often. */
const beatMs = 500;
/** A beat that comes this late means that the machine, or the database, stood still for everybody. */
const lateMs = 150;
/** Nobody waits longer for one. */
const answerMs = 2_000;
/** A gate that met it may say so for a while. */
const afterMs = 10_000;

export type Pulse = {
  readonly isSlow: () => boolean;
  /** How many beats were late, of all so far. */
  readonly lateShare: () => number;
  readonly stop: () => Promise<void>;
};

/** Comes to a database as a gate does whose connections are all in use: by a new one. */
export async function askAnew(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: answerMs, query_timeout: answerMs });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('select 1');
  } finally {
    await client.end();
  }
}

/**
 * Looks, beside a gate and not through it, whether a database answers in time. That a gate says it does not is then
 * something that a test can check, and not a reason to ask again whatever is wrong.
 */
export function startPulse(ask: () => Promise<unknown>): Pulse {
  let dueAt = performance.now() + beatMs;
  let lateAt = -Infinity;
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  let isStopped = false;
  let [beats, lateBeats] = [0, 0];
  const isOverdue = () => performance.now() - dueAt > lateMs;
  const beat = async () => {
    const isAnswered = await ask().then(
      () => true,
      () => false,
    );
    beats += 1;
    if (!isAnswered || isOverdue()) {
      lateBeats += 1;
      lateAt = performance.now();
    }
    dueAt = performance.now() + beatMs;
    if (!isStopped) wait();
  };
  const wait = () => {
    timer = setTimeout(() => {
      running = beat();
    }, beatMs).unref();
  };
  wait();
  return {
    isSlow: () => isOverdue() || performance.now() - lateAt < afterMs,
    lateShare: () => (beats === 0 ? 0 : lateBeats / beats),
    stop: async () => {
      isStopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

/** What a gate says whose database, or machine, stands still for the moment. */
const starved: readonly (string | undefined)[] = ['store_unavailable', 'gate_not_ready'];

/** Whether an answer says that a gate cannot reach its database, while the test sees for itself that it may be so. */
export function isStarved(pulse: Pulse, status: number, code: string | undefined): boolean {
  return status === 503 && starved.includes(code) && pulse.isSlow();
}
