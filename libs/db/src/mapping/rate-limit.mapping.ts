import {
  assert,
  type RateLimits,
  type RateOverride,
  type RatePolicy,
  rateActions,
  rateSubjectKinds,
  wrongRateField,
} from '@tollbook/domain';
import { fromDbJson, fromDbTime, fromDbWord, required } from './column.mapping.js';

/** What `endpoints.limits` holds: a policy by its side, and nothing where there is no limit. */
export function toDbRateLimits({ paid, unpaid }: RateLimits): string {
  return JSON.stringify({ ...(paid ? { paid } : {}), ...(unpaid ? { unpaid } : {}) });
}

/** Throws on jsonb that is anything but what was written. */
export function fromDbRateLimits(value: unknown): RateLimits {
  const sides = fromDbJson(value) ?? {};
  return { paid: fromDbPolicy(sides.paid), unpaid: fromDbPolicy(sides.unpaid) };
}

function fromDbPolicy(value: unknown): RatePolicy | null {
  if (value === undefined) return null;
  const fields = fromDbJson(value) ?? {};
  const whole = (name: keyof RatePolicy) => {
    const field = fields[name];
    assert(typeof field === 'number', `a rate limit has a number of ${name}`);
    return field;
  };
  const policy = { points: whole('points'), windowSeconds: whole('windowSeconds'), burst: whole('burst') };
  assert(wrongRateField(policy) === null, 'a stored rate limit is within its bounds');
  return policy;
}

/** A row of `rate_limit_overrides`, as far as the gate follows it. */
export type RateOverrideRow = {
  readonly subject_kind: string;
  readonly subject: string;
  readonly endpoint_id: string | null;
  readonly action: string;
  readonly points: number | null;
  readonly window_seconds: number | null;
  readonly burst: number | null;
  readonly expires_at: Date | null;
};

export function fromDbRateOverride(row: RateOverrideRow): RateOverride {
  return {
    subjectKind: fromDbWord(rateSubjectKinds, row.subject_kind),
    subject: row.subject,
    endpointId: row.endpoint_id,
    decision: decisionOf(row),
    expiresAtMs: fromDbTime(row.expires_at),
  };
}

function decisionOf(row: RateOverrideRow): RateOverride['decision'] {
  const action = fromDbWord(rateActions, row.action);
  if (action !== 'limit') return { action };
  const points = required(row.points, 'points');
  const windowSeconds = required(row.window_seconds, 'window_seconds');
  return { action, policy: { points, windowSeconds, burst: required(row.burst, 'burst') } };
}
