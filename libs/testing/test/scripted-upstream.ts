import type { CallUpstream, UpstreamOutcome } from '@tollbook/usecases';

/** What a merchant's upstream says: `sunny`, unless a test wrote something else down for the next call. */
export class ScriptedUpstream {
  /** The attempts it was called for, in order. */
  readonly calls: string[] = [];
  readonly next: ((signal: AbortSignal) => Promise<UpstreamOutcome> | UpstreamOutcome)[] = [];

  readonly call: CallUpstream = async (attemptId, signal) => {
    this.calls.push(attemptId);
    const answer = this.next.shift();
    return answer ? answer(signal) : answered();
  };
}

/** An answer that an upstream gave. */
export function answered(httpStatus = 200, body = 'sunny'): UpstreamOutcome {
  const headers = [['content-type', 'text/plain']] as const;
  return { kind: 'answered', answer: { httpStatus, headers, body: new TextEncoder().encode(body) } };
}

/** An answer that arrives in pieces; after them it breaks off, where it is told to. */
export function arriving(pieces: readonly string[], breaks = false): UpstreamOutcome {
  const left = pieces.map((piece) => new TextEncoder().encode(piece));
  const next = async () => {
    const piece = left.shift();
    if (piece === undefined && breaks) throw new Error('the upstream broke off');
    return piece ?? null;
  };
  const stream = { next, cancel: () => left.splice(0) };
  return { kind: 'answered', answer: { httpStatus: 200, headers: [], body: new Uint8Array(), stream } };
}
