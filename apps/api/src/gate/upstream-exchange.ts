import {
  type OutboundClient,
  OutboundError,
  type OutboundStream,
  type OutboundStreamRequest,
} from '@tollbook/outbound';
import { streamSeconds } from '@tollbook/usecases';
import type { Upload } from './open-upload.js';

type Call = Pick<OutboundStreamRequest, 'url' | 'method' | 'headers' | 'body'>;

/**
 * One exchange with an upstream, up to where its answer is given on. So long its buyer may end it by leaving, and its
 * time runs: from the start, or, where the request's body is handed on, from the body's end.
 */
export class UpstreamExchange {
  /** Whether it was ended because the upstream took too long. */
  isLate = false;
  private readonly ending = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private hasLeft = false;

  constructor(
    private readonly outbound: OutboundClient,
    private readonly timeoutMs: number,
    private readonly signal: AbortSignal,
    private readonly upload: Upload | null,
  ) {}

  start(call: Call): Promise<OutboundStream> {
    const { upload, outbound, timeoutMs } = this;
    if (this.signal.aborted) this.end();
    this.signal.addEventListener('abort', this.end);
    if (upload) void upload.done.then(() => this.startTime());
    else this.startTime();
    const totalTimeoutMs = timeoutMs + streamSeconds * 1000;
    const limits = { headersTimeoutMs: totalTimeoutMs, totalTimeoutMs, bodyIdleTimeoutMs: timeoutMs };
    return outbound.stream({ ...call, ...limits, signal: this.ending.signal });
  }

  /** From now on neither the buyer nor the time ends it; whoever reads the answer does. */
  leave(): void {
    this.hasLeft = true;
    clearTimeout(this.timer);
    this.signal.removeEventListener('abort', this.end);
  }

  private startTime(): void {
    if (this.hasLeft) return;
    this.timer = setTimeout(() => {
      this.isLate = true;
      this.ending.abort(new OutboundError('timeout', true));
    }, this.timeoutMs);
  }

  private readonly end = (): void => this.ending.abort();
}
