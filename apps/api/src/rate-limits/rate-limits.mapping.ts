import { isIP } from 'node:net';
import type {
  LimitedSubject,
  RateLimitInput,
  RateLimitOverride,
  RateLimitOverrideInput,
  RateLimitSide,
  RateLimitStatus,
} from '@tollbook/contract';
import { decodeId, encodeId, type RateLimits, type RateOverride, type RatePolicy } from '@tollbook/domain';
import type { LimitedSubjectView, RateLimitView, RateOverrideRecord, RateSideView } from '@tollbook/usecases';
import { clientNetOf, shortHashPattern } from '../gate/client-net.js';
import { ProblemError } from '../problem.js';

const perMinute = (points: number): RatePolicy => ({ points, windowSeconds: 60, burst: 0 });

/** The limits that hold after a change: a side that it leaves out stays, null takes its limit away. */
export function fromApiRateLimits(input: RateLimitInput, current: RateLimits): RateLimits {
  const side = (name: 'paid' | 'unpaid'): RatePolicy | null => {
    const policy = input[name];
    if (policy !== undefined) return policy;
    const points = input[`${name}PerMinute`];
    if (points === undefined) return current[name];
    return points === null ? null : perMinute(points);
  };
  return { paid: side('paid'), unpaid: side('unpaid') };
}

/** An exception as it was asked for; throws what is wrong with it, naming the field. */
export function fromApiOverride(
  input: RateLimitOverrideInput,
  clientNetKey: Uint8Array,
  nowMs: number,
): RateOverride & { readonly reason: string } {
  const { subjectKind, action, policy, reason } = input;
  const subject = subjectKind === 'payer' ? payerOf(input.subject) : addressOf(input.subject, clientNetKey);
  const endpointId = input.endpointId === null ? null : decodeId('endpoint', input.endpointId);
  if (input.endpointId !== null && endpointId === null) throw wrong('endpointId', 'is not an id of an endpoint');
  const decision = decisionOf(action, policy);
  const expiresAtMs = input.expiresAt === null ? null : Date.parse(input.expiresAt);
  if (expiresAtMs !== null && expiresAtMs <= nowMs) throw wrong('expiresAt', 'is over');
  return { subjectKind, subject, endpointId, decision, expiresAtMs, reason };
}

function decisionOf(action: RateLimitOverrideInput['action'], policy: RatePolicy | null): RateOverride['decision'] {
  if (action === 'limit') {
    if (policy === null) throw wrong('policy', 'is missing: a limit has one');
    return { action, policy };
  }
  if (policy !== null) throw wrong('policy', `does not go with the action "${action}"`);
  return { action };
}

function payerOf(text: string): string {
  if (/^0x[0-9a-fA-F]{40}$/.test(text)) return text.toLowerCase();
  if (/^[1-9A-HJ-NP-Za-km-z]{32,44}$/.test(text)) return text;
  throw wrong('subject', 'is not an address that can pay');
}

/** An IP address, of which only the hash of its network is kept, or such a hash. */
function addressOf(text: string, clientNetKey: Uint8Array): string {
  if (shortHashPattern.test(text)) return text;
  if (isIP(text) !== 0) return clientNetOf(clientNetKey, text).shortHash;
  throw wrong('subject', 'is neither an IP address nor the hash of one');
}

function wrong(parameter: string, what: string): ProblemError {
  return new ProblemError('parameter_invalid', `The field "${parameter}" ${what}.`, { parameter });
}

/** How an address on chain is written for people. */
export type FormatSubject = (subject: string) => string;

export function toApiRateLimit(view: RateLimitView, format: FormatSubject): RateLimitStatus {
  const { endpointId, method, path } = view.endpoint;
  const { paid, unpaid } = view.sides;
  return {
    endpointId: encodeId('endpoint', endpointId),
    method,
    path,
    paid: toApiSide(paid, 'payer', format),
    unpaid: toApiSide(unpaid, 'address', format),
    overrides: view.overrides.map((override) => toApiOverride(override, format)),
  };
}

function toApiSide(side: RateSideView, subjectKind: 'payer' | 'address', format: FormatSubject): RateLimitSide {
  const { policy, fullest, hours } = side;
  return {
    policy,
    used: fullest?.used ?? 0,
    left: fullest ? fullest.left : (policy?.points ?? null),
    resetsAt: instantOrNull(fullest?.resetsAtMs ?? null),
    fullest: fullest ? format(fullest.subject) : null,
    allowedLastHour: side.allowedLastHour,
    throttledLastHour: side.throttledLastHour,
    allowedLast24h: hours.reduce((sum, { allowed }) => sum + allowed, 0),
    throttledLast24h: hours.reduce((sum, { throttled }) => sum + throttled, 0),
    hours: hours.map(({ startsAtMs, allowed, throttled }) => ({ startsAt: instant(startsAtMs), allowed, throttled })),
    topLimited: side.topLimited.map((subject) => toApiSubject(subject, subjectKind, format)),
  };
}

function toApiSubject(
  view: LimitedSubjectView,
  subjectKind: 'payer' | 'address',
  format: FormatSubject,
): LimitedSubject {
  const { subject, throttledLastHour, throttledLastDay, lastSeenAtMs, used, left, resetsAtMs, override } = view;
  return {
    subjectKind,
    subject: format(subject),
    throttledLastHour,
    throttledLast24h: throttledLastDay,
    lastSeenAt: instant(lastSeenAtMs),
    used,
    left,
    resetsAt: instantOrNull(resetsAtMs),
    overrideId: override ? encodeId('rateLimitOverride', override.overrideId) : null,
  };
}

export function toApiOverride(record: RateOverrideRecord, format: FormatSubject): RateLimitOverride {
  const { overrideId, subjectKind, subject, endpointId, decision, expiresAtMs, reason, createdAtMs } = record;
  return {
    id: encodeId('rateLimitOverride', overrideId),
    subjectKind,
    subject: format(subject),
    endpointId: endpointId === null ? null : encodeId('endpoint', endpointId),
    action: decision.action,
    policy: decision.action === 'limit' ? decision.policy : null,
    expiresAt: instantOrNull(expiresAtMs),
    reason,
    createdAt: instant(createdAtMs),
  };
}

function instant(unixMs: number): string {
  return new Date(unixMs).toISOString();
}

function instantOrNull(unixMs: number | null): string | null {
  return unixMs === null ? null : instant(unixMs);
}
