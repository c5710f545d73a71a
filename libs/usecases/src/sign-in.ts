import { giveBackSignInTry, type SignInTries, signInForgetMs, signInLimits, takeSignInTry } from '@tollbook/domain';
import type { Accounts, Client, CookieChange, Person } from './ports/accounts.js';
import type { Clock } from './ports/clock.js';
import type { Crypto } from './ports/crypto.js';
import type { SignInTriesStore } from './ports/sign-in-tries-store.js';

export type SignInDeps = {
  readonly accounts: Accounts;
  readonly tries: SignInTriesStore;
  readonly clock: Clock;
  readonly crypto: Pick<Crypto, 'hmacSha256'>;
  /** Keys the hashes under which accounts and addresses are counted. */
  readonly subjectKey: Uint8Array;
};

export type SignInOutcome =
  | { readonly kind: 'signed_in'; readonly person: Person; readonly setCookies: CookieChange }
  | { readonly kind: 'refused'; readonly reason: 'credentials_invalid' }
  | { readonly kind: 'refused'; readonly reason: 'too_many_tries'; readonly retryAfterMs: number };

/**
 * Signs a person in by e-mail and password. Failures are counted for the account and for the address, whether or not
 * there is such an account, and each further one makes the next wait longer.
 */
export async function signIn(
  deps: SignInDeps,
  credentials: { readonly email: string; readonly password: string },
  client: Client,
): Promise<SignInOutcome> {
  const email = credentials.email.toLowerCase();
  const subjects = [subjectOf(deps, 'address', client.address), subjectOf(deps, 'account', email)];
  const startedAtMs = deps.clock.nowMs();
  const blockedUntilMs = await deps.tries.change(subjects, ([address, account]) =>
    takeBoth(address ?? null, account ?? null, startedAtMs),
  );
  if (blockedUntilMs !== null) {
    return { kind: 'refused', reason: 'too_many_tries', retryAfterMs: blockedUntilMs - startedAtMs };
  }
  const session = await deps.accounts.signIn({ email, password: credentials.password }, client);
  if (session === null) return { kind: 'refused', reason: 'credentials_invalid' };
  const nowMs = deps.clock.nowMs();
  await deps.tries.change(subjects, ([address, account]) => ({
    result: undefined,
    tries: [giveBackSignInTry(address ?? never, nowMs), { ...giveBackSignInTry(account ?? never, nowMs), failures: 0 }],
  }));
  await deps.tries.forget(nowMs - signInForgetMs);
  return { kind: 'signed_in', ...session };
}

const never: SignInTries = { failures: 0, blockedUntilMs: 0, lastAtMs: 0 };

/** A blocked address counts nothing on the account: nobody keeps another out from there. */
function takeBoth(address: SignInTries | null, account: SignInTries | null, nowMs: number) {
  const ofAddress = takeSignInTry(address, signInLimits.address, nowMs);
  if (ofAddress.kind === 'blocked') return { result: ofAddress.untilMs, tries: null };
  const ofAccount = takeSignInTry(account, signInLimits.account, nowMs);
  if (ofAccount.kind === 'blocked') return { result: ofAccount.untilMs, tries: null };
  return { result: null, tries: [ofAddress.tries, ofAccount.tries] };
}

function subjectOf({ crypto, subjectKey }: SignInDeps, kind: string, text: string): Uint8Array {
  return crypto.hmacSha256(subjectKey, new TextEncoder().encode(`${kind}/${text}`));
}
