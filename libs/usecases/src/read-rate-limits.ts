import {
  effectiveRate,
  type RateCounts,
  type RatePolicy,
  type RateSide,
  type RateStanding,
  rateSides,
  rateStanding,
} from '@tollbook/domain';
import { payerKey } from './hold-back.js';
import type {
  LimitedEndpoint,
  RateCountsOfDay,
  RateHour,
  RateLimitStore,
  RateOverrideRecord,
  RateSubject,
} from './ports/rate-limit-store.js';
import type { RateLimiter } from './ports/rate-limiter.js';

export type LimitedSubjectView = RateSubject & {
  /** Null where nothing limits it. */
  readonly left: number | null;
  readonly override: RateOverrideRecord | null;
};

export type RateSideView = {
  readonly policy: RatePolicy | null;
  /** The one that stands nearest to its limit; null where no window runs. */
  readonly fullest: LimitedSubjectView | null;
  readonly allowedLastHour: number;
  readonly throttledLastHour: number;
  readonly hours: readonly RateHour[];
  readonly topLimited: readonly LimitedSubjectView[];
};

export type RateLimitView = {
  readonly endpoint: LimitedEndpoint;
  readonly sides: { readonly [side in RateSide]: RateSideView };
  /** Exceptions that hold here, those of all endpoints among them. */
  readonly overrides: readonly RateOverrideRecord[];
};

export type RateLimitDeps = {
  readonly store: RateLimitStore;
  readonly payerLimiter: RateLimiter;
  readonly nowMs: () => number;
};

const overridesMax = 1_000;

/** How the limits of endpoints stand: what a day saw, and what payers have used as the shared store counts it now. */
export async function readRateLimits(
  deps: RateLimitDeps,
  bookId: number,
  endpoints: readonly LimitedEndpoint[],
): Promise<RateLimitView[]> {
  if (endpoints.length === 0) return [];
  const ids = endpoints.map(({ endpointId }) => endpointId);
  const counts = await deps.store.countsOfDay(bookId, ids);
  const overrides = await deps.store.overrides(bookId, null, overridesMax);
  return Promise.all(
    endpoints.map(async (endpoint) => {
      const here = overrides.filter((each) => each.endpointId === null || each.endpointId === endpoint.endpointId);
      const [paid, unpaid] = await Promise.all(
        rateSides.map((side) => readSide(deps, { bookId, endpoint, side, counts, overrides: here })),
      );
      if (!paid || !unpaid) throw new Error('a limit has two sides');
      return { endpoint, sides: { paid, unpaid }, overrides: here };
    }),
  );
}

type SideQuestion = {
  readonly bookId: number;
  readonly endpoint: LimitedEndpoint;
  readonly side: RateSide;
  readonly counts: RateCountsOfDay;
  readonly overrides: readonly RateOverrideRecord[];
};

async function readSide(deps: RateLimitDeps, question: SideQuestion): Promise<RateSideView> {
  const { endpoint, side, counts } = question;
  const isHere = (row: { readonly endpointId: string; readonly side: RateSide }) =>
    row.endpointId === endpoint.endpointId && row.side === side;
  const lastHour = counts.lastHour.find(isHere);
  const subjects = await Promise.all(
    counts.subjects.filter(isHere).map((subject) => readSubject(deps, question, subject)),
  );
  const running = subjects.filter(({ used }) => used > 0);
  const fill = ({ used, left }: LimitedSubjectView) => (left === null ? 0 : used / (used + left));
  return {
    policy: endpoint.limits[side],
    fullest: running.reduce<LimitedSubjectView | null>(
      (best, each) => (best === null || fill(each) > fill(best) ? each : best),
      null,
    ),
    allowedLastHour: lastHour?.allowed ?? 0,
    throttledLastHour: lastHour?.throttled ?? 0,
    hours: counts.hours.filter(isHere),
    topLimited: subjects.filter(({ throttledLastDay }) => throttledLastDay > 0),
  };
}

async function readSubject(
  deps: RateLimitDeps,
  { bookId, endpoint, side, overrides }: SideQuestion,
  subject: RateSubject,
): Promise<LimitedSubjectView> {
  const own = overrides.filter((each) => each.subject === subject.subject);
  const nowMs = deps.nowMs();
  const rate = effectiveRate(endpoint.limits[side], own, endpoint.endpointId, nowMs);
  const override = own.find((each) => each.endpointId !== null) ?? own[0] ?? null;
  if (rate.kind !== 'limited') return { ...subject, left: rate.kind === 'blocked' ? 0 : null, override };
  const { policy } = rate;
  // Offers are counted in each process for itself: what the fullest one wrote down is all there is to know.
  const key = payerKey(bookId, endpoint.endpointId, subject.subject);
  const counted = side === 'paid' ? await deps.payerLimiter.read(key, policy) : null;
  const standing = rateStanding(policy, counted ?? noted(subject, policy, nowMs));
  return { ...subject, ...times(standing, nowMs), left: standing.left, override };
}

function times({ used, resetsInSeconds }: RateStanding, nowMs: number) {
  return { used, resetsAtMs: used > 0 ? nowMs + resetsInSeconds * 1000 : null };
}

/** What was written down last, where the store that counts cannot be asked. */
function noted({ used, resetsAtMs }: RateSubject, policy: RatePolicy, nowMs: number): RateCounts {
  const resetsInMs = resetsAtMs === null ? policy.windowSeconds * 1000 : resetsAtMs - nowMs;
  return { window: { used, resetsInMs }, burst: null };
}
