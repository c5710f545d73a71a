/** What is known of the failed sign-ins of one account, or of one client address. */
export type SignInTries = { readonly failures: number; readonly blockedUntilMs: number; readonly lastAtMs: number };

/** How many failures cost nothing, and the longest wait that later ones lead to. */
export type SignInLimit = { readonly freeFailures: number; readonly delayMsMax: number };

/**
 * An account's owner must not be kept out by strangers who know the e-mail, so its longest wait is short; an address
 * may stand for an office, so it has more failures before it waits.
 */
export const signInLimits = {
  account: { freeFailures: 5, delayMsMax: 60_000 },
  address: { freeFailures: 20, delayMsMax: 15 * 60_000 },
} as const satisfies Readonly<Record<string, SignInLimit>>;

/** Failures are forgotten after a day without a further one. */
export const signInForgetMs = 86_400_000;

const firstDelayMs = 1_000;

export type SignInTry =
  | { readonly kind: 'taken'; readonly tries: SignInTries }
  | { readonly kind: 'blocked'; readonly untilMs: number };

/**
 * Counts one try as failed before its password is looked at, so that tries made at once do not slip through together;
 * each failure past the free ones doubles the wait. A try during the wait is refused and not counted.
 */
export function takeSignInTry(known: SignInTries | null, limit: SignInLimit, nowMs: number): SignInTry {
  if (known !== null && known.blockedUntilMs > nowMs) return { kind: 'blocked', untilMs: known.blockedUntilMs };
  const isForgotten = known === null || nowMs - known.lastAtMs > signInForgetMs;
  const failures = isForgotten ? 1 : known.failures + 1;
  const over = failures - limit.freeFailures;
  const delayMs = over < 0 ? 0 : Math.min(limit.delayMsMax, firstDelayMs * 2 ** over);
  return { kind: 'taken', tries: { failures, blockedUntilMs: nowMs + delayMs, lastAtMs: nowMs } };
}

/** Takes back the count of a try that turned out to be right. */
export function giveBackSignInTry(tries: SignInTries, nowMs: number): SignInTries {
  return { failures: Math.max(0, tries.failures - 1), blockedUntilMs: nowMs, lastAtMs: tries.lastAtMs };
}
