/** What is limited: calls that carry a payment, by their payer, or offers that were asked for, by the address. */
export const rateSides = ['paid', 'unpaid'] as const;
export type RateSide = (typeof rateSides)[number];

/**
 * `points` calls per window of `windowSeconds`, which begins with its first call. `burst` more may follow where those
 * are used up; they come back once in ten windows, so that a quiet caller may hurry now and then, not always.
 */
export type RatePolicy = { readonly points: number; readonly windowSeconds: number; readonly burst: number };

/** The limits of an endpoint; null where that side has none. */
export type RateLimits = { readonly [side in RateSide]: RatePolicy | null };

/** What a limit may be. The upper ends say only that more is a mistake. */
export const rateBounds = {
  points: { min: 1, max: 1_000_000 },
  windowSeconds: { min: 1, max: 86_400 },
  burst: { min: 0, max: 1_000_000 },
} as const;

const windowsPerBurst = 10;

/** How long the burst's own window is. */
export function burstWindowSeconds(policy: RatePolicy): number {
  return policy.windowSeconds * windowsPerBurst;
}

/** The first field of a policy that is no whole number within its bounds; null where all are. */
export function wrongRateField(policy: RatePolicy): keyof RatePolicy | null {
  const fields = ['points', 'windowSeconds', 'burst'] as const;
  const isWrong = (field: keyof RatePolicy) => {
    const { min, max } = rateBounds[field];
    return !Number.isInteger(policy[field]) || policy[field] < min || policy[field] > max;
  };
  return fields.find(isWrong) ?? null;
}

/** Calls counted in one running window, and when it ends. */
export type RateCount = { readonly used: number; readonly resetsInMs: number };

/** The counts of one subject: of the window, and of the burst's, which is null while none of it is used. */
export type RateCounts = { readonly window: RateCount; readonly burst: RateCount | null };

/** How a subject stands against its limit: what every answer and every report tells. */
export type RateStanding = {
  readonly used: number;
  readonly left: number;
  readonly resetsInSeconds: number;
  readonly burstLeft: number;
  readonly burstResetsInSeconds: number;
};

/** Nothing counted yet: the window would begin now. */
export function freshCounts(policy: RatePolicy): RateCounts {
  return { window: { used: 0, resetsInMs: policy.windowSeconds * 1000 }, burst: null };
}

export function rateStanding(policy: RatePolicy, { window, burst }: RateCounts): RateStanding {
  const used = Math.min(Math.max(window.used, 0), policy.points);
  return {
    used,
    left: policy.points - used,
    resetsInSeconds: wholeSeconds(window.resetsInMs),
    burstLeft: Math.max(policy.burst - (burst?.used ?? 0), 0),
    burstResetsInSeconds: burst ? wholeSeconds(burst.resetsInMs) : burstWindowSeconds(policy),
  };
}

export type RateVerdict =
  | { readonly kind: 'allowed'; readonly policy: RatePolicy; readonly standing: RateStanding }
  | {
      readonly kind: 'limited';
      readonly policy: RatePolicy;
      readonly standing: RateStanding;
      readonly retryAfterSeconds: number;
    };

/** The verdict on a call that is in the counts already. Where the window is used up, the burst's count decides. */
export function rateVerdict(policy: RatePolicy, counts: RateCounts): RateVerdict {
  const { window, burst } = counts;
  const standing = rateStanding(policy, counts);
  const isWithinBurst = policy.burst > 0 && burst !== null && burst.used <= policy.burst;
  if (window.used <= policy.points || isWithinBurst) return { kind: 'allowed', policy, standing };
  // Whichever window ends first lets the next call in.
  const { resetsInSeconds, burstResetsInSeconds } = standing;
  const wait = policy.burst > 0 ? Math.min(resetsInSeconds, burstResetsInSeconds) : resetsInSeconds;
  return { kind: 'limited', policy, standing, retryAfterSeconds: Math.max(wait, 1) };
}

/** `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers): lists of structured fields. */
export function rateLimitPolicyHeader(side: RateSide, policy: RatePolicy): string {
  const own = `"${side}";q=${policy.points};w=${policy.windowSeconds}`;
  return policy.burst === 0 ? own : `${own}, "${side}-burst";q=${policy.burst};w=${burstWindowSeconds(policy)}`;
}

export function rateLimitHeader(side: RateSide, policy: RatePolicy, standing: RateStanding): string {
  const own = `"${side}";r=${standing.left};t=${standing.resetsInSeconds}`;
  if (policy.burst === 0) return own;
  return `${own}, "${side}-burst";r=${standing.burstLeft};t=${standing.burstResetsInSeconds}`;
}

/** Rounded up: whoever waits that long is not early. */
function wholeSeconds(milliseconds: number): number {
  return Math.max(Math.ceil(milliseconds / 1000), 0);
}
