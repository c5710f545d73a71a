import { type EvmRpc, rpcErrorOf } from '@tollbook/evm';
import { scrubText } from '@tollbook/telemetry';

const minuteMs = 60_000;
const minutes = 15;
const textLengthMax = 200;

/** What a node answers when it is at its limits or broken; any other error of its own is an answer. */
const troubleCodes = new Set([-32_603, -32_005, -32_002, -32_001, 429]);

type Minute = { readonly startMs: number; requests: number; errors: number };

/** Counts the requests to one node and its failures over the last fifteen minutes. */
export class RpcTally {
  private readonly kept: Minute[] = [];
  private lastErrorAtMs: number | null = null;
  private lastError: string | null = null;

  constructor(private readonly nowMs: () => number = Date.now) {}

  answered(): void {
    this.current().requests += 1;
  }

  failed(error: unknown): void {
    const minute = this.current();
    minute.requests += 1;
    minute.errors += 1;
    this.lastErrorAtMs = this.nowMs();
    this.lastError = scrubText(error instanceof Error ? error.message : String(error)).slice(0, textLengthMax);
  }

  read() {
    this.current();
    const sumOf = (field: 'requests' | 'errors') => this.kept.reduce((sum, minute) => sum + minute[field], 0);
    return {
      windowSeconds: (minutes * minuteMs) / 1_000,
      requests: sumOf('requests'),
      errors: sumOf('errors'),
      lastErrorAtMs: this.lastErrorAtMs,
      lastError: this.lastError,
    };
  }

  /** The running minute; those that have left the window are dropped. */
  private current(): Minute {
    const startMs = Math.floor(this.nowMs() / minuteMs) * minuteMs;
    const newest = this.kept[this.kept.length - 1];
    if (newest?.startMs === startMs) return newest;
    const minute = { startMs, requests: 0, errors: 0 };
    this.kept.push(minute);
    while (this.kept[0] && this.kept[0].startMs <= startMs - minutes * minuteMs) this.kept.shift();
    return minute;
  }
}

/** The same node, with each request counted. */
export function tallyRpc(rpc: EvmRpc, tally: RpcTally): EvmRpc {
  const counted = async <T>(asking: Promise<T>, troubleIn: (answer: T) => unknown): Promise<T> => {
    try {
      const answer = await asking;
      const trouble = troubleIn(answer);
      if (trouble === undefined) tally.answered();
      else tally.failed(trouble);
      return answer;
    } catch (error) {
      const own = rpcErrorOf(error);
      if (own === null || troubleCodes.has(own.code)) tally.failed(error);
      else tally.answered();
      throw error;
    }
  };
  return {
    network: rpc.network,
    request: (method, params, options) => counted(rpc.request(method, params, options), () => undefined),
    batch: (calls) =>
      counted(rpc.batch(calls), (outcomes) => {
        for (const outcome of outcomes) {
          if (outcome.kind === 'error' && troubleCodes.has(outcome.error.code)) return outcome.error;
        }
        return undefined;
      }),
  };
}
