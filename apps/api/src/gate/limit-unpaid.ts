import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { effectiveRate, type RateVerdict } from '@tollbook/domain';
import type { GateBook, GateEndpoint, RateLimiter, RateTally } from '@tollbook/usecases';
import type { ClientAddressOf } from '../client-address/client-address.js';
import { type ClientNet, clientNetOf } from './client-net.js';
import { rateHeaders } from './rate-headers.js';

export type UnpaidLimitDeps = {
  /** Counts in this process alone: an unpaid request costs no statement. */
  readonly limiter: RateLimiter;
  readonly tally: RateTally;
  readonly clientNetKey: Uint8Array;
  readonly clientAddressOf: ClientAddressOf;
  readonly nowMs: () => number;
};

export type UnpaidAnswer = {
  readonly isAllowed: boolean;
  /** Names in turn with values. */
  readonly headers: readonly string[] | undefined;
};

/** How long an address that is blocked for good is told to stay away. */
const blockedSeconds = 3_600;
const free: UnpaidAnswer = { isAllowed: true, headers: undefined };

/** Counts offers by the address that asks for them, and says which are too many. */
export class UnpaidLimit {
  /** The hash costs more than an offer, and mostly one connection has one address; a proxy's has many, in turn. */
  private readonly latest = new WeakMap<Socket, { readonly address: string; readonly net: ClientNet }>();

  constructor(private readonly deps: UnpaidLimitDeps) {}

  netOf(request: IncomingMessage): ClientNet {
    const address = this.deps.clientAddressOf(request);
    const latest = this.latest.get(request.socket);
    if (latest?.address === address) return latest.net;
    const net = clientNetOf(this.deps.clientNetKey, address);
    this.latest.set(request.socket, { address, net });
    return net;
  }

  /** Counts one offer at an endpoint that limits them. */
  async count(book: GateBook, endpoint: GateEndpoint, request: IncomingMessage): Promise<UnpaidAnswer> {
    const subject = this.netOf(request).shortHash;
    const nowMs = this.deps.nowMs();
    const rate = effectiveRate(endpoint.limits.unpaid, book.overrides.get(subject) ?? [], endpoint.endpointId, nowMs);
    if (rate.kind === 'unlimited') return free;
    const tally = this.deps.tally.of(book.bookId, endpoint.endpointId, 'unpaid');
    if (rate.kind === 'blocked') {
      tally.throttle(subject, null, nowMs);
      const seconds = rate.untilMs === null ? blockedSeconds : Math.ceil((rate.untilMs - nowMs) / 1000);
      return { isAllowed: false, headers: ['retry-after', String(Math.max(seconds, 1))] };
    }
    const verdict = await this.deps.limiter.consume(`${endpoint.endpointId}/${subject}`, rate.policy);
    return verdict ? this.tell(tally, subject, verdict, nowMs) : free;
  }

  private tell(tally: ReturnType<RateTally['of']>, subject: string, verdict: RateVerdict, nowMs: number): UnpaidAnswer {
    const isAllowed = verdict.kind === 'allowed';
    if (isAllowed) tally.allow(subject, verdict.standing, nowMs);
    else tally.throttle(subject, verdict.standing, nowMs);
    return { isAllowed, headers: rateHeaders('unpaid', verdict) };
  }
}

/** Whether offers of an endpoint are limited for anybody: where not, an offer costs nothing more than before. */
export function isUnpaidLimited(book: GateBook, endpoint: GateEndpoint): boolean {
  if (endpoint.limits.unpaid) return true;
  for (const overrides of book.overrides.values()) {
    for (const { subjectKind, endpointId } of overrides) {
      if (subjectKind === 'address' && (endpointId === null || endpointId === endpoint.endpointId)) return true;
    }
  }
  return false;
}
