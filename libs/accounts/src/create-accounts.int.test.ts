import { createMemberStore, createPool, createSetupStore, createSignInTriesStore, loadCatalog } from '@tollbook/db';
import { createTestDatabase, type TestDatabase } from '@tollbook/postgres-local';
import { ensureOwner, type SignInDeps, type SignInOutcome, signIn } from '@tollbook/usecases';
import { cryptoPort } from '@tollbook/vault';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createAccounts } from './create-accounts.js';

const client = { address: '203.0.113.7', userAgent: 'Test' };
const secret = new Uint8Array(32).map((_, index) => index * 7);
const reported: Error[] = [];

let database: TestDatabase;
let pool: ReturnType<typeof createPool>;
let accounts: ReturnType<typeof createAccounts>;
let deps: SignInDeps & { nowMs: number };

function open(publicUrl: string, key = secret) {
  return createAccounts({ pool, secret: key, publicUrl, report: (error) => reported.push(error) });
}

/** The `Cookie` header that a browser sends after an answer. */
function cookieOf(setCookies: readonly string[]): string {
  return setCookies.map((each) => each.split(';')[0]).join('; ');
}

async function signedIn(email: string, password: string): Promise<string> {
  const session = await accounts.signIn({ email, password }, client);
  if (!session) throw new Error('the password is right');
  return cookieOf(session.setCookies);
}

beforeAll(async () => {
  const server = { url: inject('postgresUrl'), adminUrl: inject('postgresAdminUrl') };
  database = await createTestDatabase(server, inject('migratedDatabase'));
  pool = createPool(database.url, { role: 'tollbook_app', max: 12, applicationName: 'accounts test' });
  accounts = open('http://127.0.0.1:4020');
  const clock = { nowMs: () => deps.nowMs };
  const tries = createSignInTriesStore(pool);
  deps = { accounts, tries, clock, crypto: cryptoPort, subjectKey: secret, nowMs: Date.now() };
});

afterAll(async () => {
  await pool?.end();
  await database?.drop();
  expect(reported).toEqual([]);
});

describe('ensureOwner', () => {
  const generatePassword = () => 'made up just now';

  it('adds the first person, who owns each merchant that nobody belongs to, and never a second one', async () => {
    const setup = createSetupStore({ pool, catalog: await loadCatalog(pool) });
    const members = createMemberStore(pool);
    const merchantId = await setup.ensureMerchant({ slug: 'acme', name: 'Acme' });
    const book = { merchantId, mode: 'test', gateSlug: 'acme-test', timeZone: 'UTC' } as const;
    await setup.ensureBook(book);
    const owner = await ensureOwner(
      { accounts, members, generatePassword },
      { email: 'Owner@Example.com', password: null },
    );
    expect(owner).toEqual({ email: 'owner@example.com', generatedPassword: 'made up just now' });
    const again = { email: 'other@example.com', password: 'something else' };
    expect(await ensureOwner({ accounts, members, generatePassword }, again)).toBeNull();
    const session = await accounts.signIn({ email: 'owner@example.com', password: 'made up just now' }, client);
    const memberships = await members.booksOf(session?.person.userId ?? '');
    expect(memberships).toMatchObject([{ role: 'owner', merchantSlug: 'acme', merchantName: 'Acme', book }]);
    expect(await members.booksOf('nobody')).toEqual([]);
  });
});

describe('sessions', () => {
  beforeAll(async () => {
    await accounts.addPerson({ email: 'ada@example.com', name: 'Ada', password: 'correct horse' });
  });

  it('are cookies that scripts and other sites cannot use', async () => {
    const session = await accounts.signIn({ email: 'ADA@example.com', password: 'correct horse' }, client);
    expect(session?.setCookies).toHaveLength(1);
    expect(session?.setCookies[0]).toMatch(
      /^tollbook\.session_token=[^;]+; Max-Age=1209600; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    const cookie = cookieOf(session?.setCookies ?? []);
    expect(await accounts.session(cookie)).toEqual({ ...session?.person, email: 'ada@example.com', name: 'Ada' });
  });

  it('are for https alone where the public address is', async () => {
    const session = await open('https://pay.example.com').signIn(
      { email: 'ada@example.com', password: 'correct horse' },
      client,
    );
    expect(session?.setCookies[0]).toMatch(/^__Secure-tollbook\.session_token=.*; Secure/);
  });

  it('say no alike to a wrong password and to somebody unknown', async () => {
    expect(await accounts.signIn({ email: 'ada@example.com', password: 'wrong' }, client)).toBeNull();
    expect(await accounts.signIn({ email: 'nobody@example.com', password: 'wrong' }, client)).toBeNull();
    expect(await accounts.signIn({ email: 'no e-mail', password: 'wrong' }, client)).toBeNull();
  });

  it('are no one’s when the cookie was changed, or signed with another secret', async () => {
    const cookie = await signedIn('ada@example.com', 'correct horse');
    expect(await accounts.session(cookie.replace('=', '=x'))).toBeNull();
    expect(await accounts.session('')).toBeNull();
    expect(await open('http://127.0.0.1:4020', secret.toReversed()).session(cookie)).toBeNull();
  });

  it('end by signing out', async () => {
    const cookie = await signedIn('ada@example.com', 'correct horse');
    expect(await accounts.signOut(cookie)).toContainEqual(
      expect.stringMatching(/^tollbook\.session_token=; Max-Age=0;/),
    );
    expect(await accounts.session(cookie)).toBeNull();
  });

  it('end with a new password, but for the one that set it', async () => {
    const other = await signedIn('ada@example.com', 'correct horse');
    const own = await signedIn('ada@example.com', 'correct horse');
    const change = { currentPassword: 'correct horse', newPassword: 'battery staple' };
    expect(await accounts.changePassword(own, { ...change, currentPassword: 'wrong' })).toBeNull();
    const setCookies = await accounts.changePassword(own, change);
    expect(await accounts.session(cookieOf(setCookies ?? []))).toMatchObject({ name: 'Ada' });
    expect(await accounts.session(other)).toBeNull();
  });

  it('all end with a password set by the operator', async () => {
    const cookie = await signedIn('ada@example.com', 'battery staple');
    expect(await accounts.resetPassword('Ada@example.com', 'third one here')).toBe(true);
    expect(await accounts.session(cookie)).toBeNull();
    await signedIn('ada@example.com', 'third one here');
    expect(await accounts.resetPassword('nobody@example.com', 'third one here')).toBe(false);
  });
});

describe('signIn', () => {
  const wrong = { email: 'grace@example.com', password: 'wrong' };

  async function untilRefused(email: string, address: string): Promise<SignInOutcome[]> {
    const outcomes: SignInOutcome[] = [];
    for (let count = 0; count < 30; count += 1) {
      const outcome = await signIn(deps, { ...wrong, email }, { ...client, address });
      outcomes.push(outcome);
      if (outcome.kind === 'refused' && outcome.reason === 'too_many_tries') return outcomes;
    }
    throw new Error('never refused');
  }

  it('makes an account wait after five failures, longer with each further one, known or not', async () => {
    await accounts.addPerson({ email: wrong.email, name: 'Grace', password: 'right password' });
    for (const email of [wrong.email, 'unknown@example.com']) {
      const outcomes = await untilRefused(email, `${email}.address`);
      expect(outcomes).toHaveLength(6);
      expect(outcomes[5]).toEqual({ kind: 'refused', reason: 'too_many_tries', retryAfterMs: 1_000 });
    }
    const right = { ...wrong, password: 'right password' };
    expect(await signIn(deps, right, client)).toMatchObject({ reason: 'too_many_tries' });
    deps.nowMs += 1_000;
    expect(await signIn(deps, wrong, client)).toMatchObject({ reason: 'credentials_invalid' });
    expect(await signIn(deps, right, client)).toMatchObject({ reason: 'too_many_tries', retryAfterMs: 2_000 });
    deps.nowMs += 2_000;
    expect(await signIn(deps, right, client)).toMatchObject({ kind: 'signed_in', person: { name: 'Grace' } });
    expect(await signIn(deps, wrong, client)).toMatchObject({ reason: 'credentials_invalid' });
  });

  it('makes an address wait that tries many accounts', async () => {
    let refused = 0;
    for (let count = 0; count < 25; count += 1) {
      const outcome = await signIn(
        deps,
        { ...wrong, email: `a${count}@example.com` },
        { ...client, address: 'guesser' },
      );
      if (outcome.kind === 'refused' && outcome.reason === 'too_many_tries') refused += 1;
    }
    expect(refused).toBe(5);
  });

  it('lets tries made at once through no more often than tries in a row', async () => {
    const all = Array.from({ length: 12 }, () =>
      signIn(deps, { ...wrong, email: 'at-once@example.com' }, { ...client, address: 'at once' }),
    );
    const looked = (await Promise.all(all)).filter(
      (each) => each.kind === 'refused' && each.reason === 'credentials_invalid',
    );
    expect(looked).toHaveLength(5);
  });
});
