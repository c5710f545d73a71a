/** A test and its database answer each other this often. */
const beatMs = 100;
/** A beat that comes this late means that the machine, or the database, stood still for everybody. */
const lateMs = 100;
/** A gate that met it may say so for a while. */
const afterMs = 10_000;

export type Pulse = { readonly isSlow: () => boolean; readonly stop: () => void };

/**
 * Looks, beside a gate and not through it, whether a database answers in time. That a gate says it does not is then
 * something that a test can check, and not a reason to ask again whatever is wrong.
 */
export function startPulse(ask: () => Promise<unknown>): Pulse {
  let dueAt = performance.now() + beatMs;
  let lateAt = -Infinity;
  let timer: NodeJS.Timeout | undefined;
  const isOverdue = () => performance.now() - dueAt > lateMs;
  const beat = async () => {
    const isAnswered = await ask().then(
      () => true,
      () => false,
    );
    if (!isAnswered || isOverdue()) lateAt = performance.now();
    dueAt = performance.now() + beatMs;
    timer = setTimeout(beat, beatMs).unref();
  };
  timer = setTimeout(beat, beatMs).unref();
  return {
    isSlow: () => isOverdue() || performance.now() - lateAt < afterMs,
    stop: () => clearTimeout(timer),
  };
}

/** What a gate says whose database, or machine, stands still for the moment. */
const starved: readonly (string | undefined)[] = ['store_unavailable', 'gate_not_ready'];

/** Whether an answer says that a gate cannot reach its database, while the test sees for itself that it may be so. */
export function isStarved(pulse: Pulse, status: number, code: string | undefined): boolean {
  return status === 503 && starved.includes(code) && pulse.isSlow();
}
