import type { RateSide, RateStanding } from '@tollbook/domain';

/** What was counted at one side of an endpoint since the last draft; subject '' is everybody. */
export type RateCountDraft = {
  readonly bookId: number;
  readonly endpointId: string;
  readonly side: RateSide;
  readonly subject: string;
  readonly allowed: number;
  readonly throttled: number;
  readonly used: number;
  /** Null where no window was seen. */
  readonly resetsAtMs: number | null;
  readonly lastSeenAtMs: number;
};

type Count = { allowed: number; throttled: number; used: number; resetsAtMs: number | null; lastSeenAtMs: number };

/** Callers that are told apart between two drafts; more of them are counted in the sum alone. */
const subjectsMax = 2_000;
/** Of them those that were held back most, then those that used most, are written down. */
const subjectsDrafted = 20;

/** The counts of one side of one endpoint; kept by whoever counts often. */
export class SideTally {
  private all = newCount();
  private subjects = new Map<string, Count>();

  /** `standing` is null where nothing was counted against a limit. */
  allow(subject: string, standing: RateStanding | null, nowMs: number): void {
    this.all.allowed += 1;
    const count = this.see(subject, standing, nowMs);
    if (count) count.allowed += 1;
  }

  throttle(subject: string, standing: RateStanding | null, nowMs: number): void {
    this.all.throttled += 1;
    const count = this.see(subject, standing, nowMs);
    if (count) count.throttled += 1;
  }

  /** What was counted since the last time, by subject; empty where nothing was. */
  take(): [string, Count][] {
    const { all, subjects } = this;
    if (all.allowed + all.throttled === 0) return [];
    this.all = newCount();
    this.subjects = new Map();
    const worst = [...subjects].sort(([, a], [, b]) => b.throttled - a.throttled || b.used - a.used);
    return [['', all], ...worst.slice(0, subjectsDrafted)];
  }

  private see(subject: string, standing: RateStanding | null, nowMs: number): Count | undefined {
    this.all.lastSeenAtMs = nowMs;
    let count = this.subjects.get(subject);
    if (!count) {
      if (this.subjects.size >= subjectsMax) return undefined;
      count = newCount();
      this.subjects.set(subject, count);
    }
    count.lastSeenAtMs = nowMs;
    if (standing) {
      count.used = standing.used;
      count.resetsAtMs = nowMs + standing.resetsInSeconds * 1000;
    }
    return count;
  }
}

function newCount(): Count {
  return { allowed: 0, throttled: 0, used: 0, resetsAtMs: null, lastSeenAtMs: 0 };
}

/** What this process let through and held back, until somebody writes it down. Bounded, whoever calls. */
export class RateTally {
  private readonly sides = new Map<
    string,
    { readonly bookId: number; readonly endpointId: string; readonly side: RateSide; readonly tally: SideTally }
  >();

  of(bookId: number, endpointId: string, side: RateSide): SideTally {
    const key = `${endpointId}/${side}`;
    const known = this.sides.get(key);
    if (known) return known.tally;
    const tally = new SideTally();
    this.sides.set(key, { bookId, endpointId, side, tally });
    return tally;
  }

  /** Takes everything that was counted since the last time. */
  drain(): RateCountDraft[] {
    return [...this.sides.values()].flatMap(({ tally, ...place }) =>
      tally.take().map(([subject, count]) => ({ ...place, subject, ...count })),
    );
  }
}
