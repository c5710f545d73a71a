import { meSchema, problemSchema } from '@tollbook/contract';
import { createPool, createSetupStore, loadCatalog } from '@tollbook/db';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { install } from './install.js';
import { addOwner, ownerEmail, ownerPassword, sendSignIn, signIn } from './owner.js';
import { type Process, startWorld, type World } from './world.js';

let world: World;
let api: Process;

async function codeOf(answer: Response) {
  return { status: answer.status, code: problemSchema.parse(await answer.json()).code };
}

/** A refusal without the one thing that is another each time. */
async function bodyOf(answer: Response) {
  const { requestId: _requestId, ...body } = problemSchema.parse(await answer.json());
  return body;
}

/** Somebody else's merchant with a test book, on the same instance. */
async function addStranger(): Promise<void> {
  const pool = createPool(world.databaseUrl, { role: 'tollbook_app', max: 1, applicationName: 'stranger' });
  const setup = createSetupStore({ pool, catalog: await loadCatalog(pool) });
  const merchantId = await setup.ensureMerchant({ slug: 'stranger', name: 'Stranger' });
  await setup.ensureBook({ merchantId, mode: 'test', gateSlug: 'stranger-test', timeZone: 'UTC' });
  await pool.end();
}

beforeAll(async () => {
  world = await startWorld();
  await install(world);
  expect(await addOwner(world)).toEqual({ email: ownerEmail, generatedPassword: null });
  await addStranger();
  api = await world.startApi();
});

afterAll(async () => {
  await world?.stop();
});

const send = (path: string, cookie: string, init: RequestInit = {}) =>
  fetch(`${api.url}${path}`, { ...init, headers: { cookie, ...Object.fromEntries(new Headers(init.headers)) } });

describe('signing in', () => {
  it('opens the books of the owner, who is told of them', async () => {
    const cookie = await signIn(api.url);
    const answer = await send('/v1/me', cookie);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const me = meSchema.parse(await answer.json());
    expect(me).toMatchObject({
      user: { email: ownerEmail, name: 'Owner' },
      merchants: [{ slug: 'demo', role: 'owner' }],
      books: [{ slug: 'demo', mode: 'test', timeZone: 'UTC' }],
    });
    expect(me.permissions).toContain('payments:read');
    const payments = await send('/v1/payments', cookie, { headers: { 'tollbook-book': 'demo' } });
    expect(payments.status).toBe(200);
    expect((await send('/v1/payments?limit=1&book=demo', cookie)).status).toBe(200);
    expect((await send('/v1/payments', cookie)).status).toBe(200);
  });

  it('gives a cookie that no script and no other site can use, and no token in the body', async () => {
    const answer = await sendSignIn(api.url, { email: ownerEmail, password: ownerPassword });
    expect(answer.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Lax/);
    expect(Object.keys(JSON.parse(await answer.text()))).toEqual(['user']);
  });

  it('makes the cookie one for https where the public address is', async () => {
    const secure = await world.startApi({ TOLLBOOK_PUBLIC_URL: 'https://pay.example.com' });
    const answer = await sendSignIn(secure.url, { email: ownerEmail, password: ownerPassword });
    expect(answer.headers.get('set-cookie')).toMatch(/^__Secure-.*; Secure/);
    await secure.kill();
  });

  it('says no alike to a wrong password and to a stranger', async () => {
    const wrong = await sendSignIn(api.url, { email: ownerEmail, password: 'wrong' });
    const stranger = await sendSignIn(api.url, { email: 'stranger@example.com', password: 'wrong' });
    expect(wrong.status).toBe(401);
    expect(await bodyOf(wrong)).toEqual(await bodyOf(stranger));
  });

  it('is not there for strangers to sign up, nor is anything else of the library', async () => {
    for (const path of ['sign-up/email', 'request-password-reset', 'update-user', 'list-sessions', 'error']) {
      const answer = await fetch(`${api.url}/auth/${path}`, { method: 'POST', headers: { origin: api.url } });
      expect(answer.status).toBe(404);
    }
  });

  it.each([
    [{}, 'email'],
    [{ email: ownerEmail }, 'password'],
    [{ email: ownerEmail, password: 7 }, 'password'],
    [{ email: ownerEmail, password: 'x'.repeat(2_000) }, 'password'],
  ])('refuses what is malformed (%#), naming the field', async (body, parameter) => {
    const answer = await sendSignIn(api.url, body);
    expect(problemSchema.parse(await answer.json())).toMatchObject({
      status: 400,
      code: 'parameter_invalid',
      parameter,
    });
  });
});

describe('a session', () => {
  it('is needed', async () => {
    for (const path of ['/v1/me', '/v1/payments', '/v1/discrepancies']) {
      expect(await codeOf(await fetch(`${api.url}${path}`))).toEqual({ status: 401, code: 'authentication_required' });
      expect((await send(path, 'tollbook.session_token=made.up')).status).toBe(401);
    }
  });

  it('does not open the book of another merchant, nor tell whether there is one', async () => {
    const cookie = await signIn(api.url);
    const answers = await Promise.all(
      ['stranger-test', 'no-such-book', ''].map((book) =>
        send('/v1/payments', cookie, { headers: { 'tollbook-book': book } }),
      ),
    );
    const bodies = await Promise.all(answers.map(bodyOf));
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1);
    expect((await send('/v1/payments?book=stranger-test', cookie)).status).toBe(404);
  });

  it('ends by signing out, also for whoever kept the cookie', async () => {
    const cookie = await signIn(api.url);
    const out = await send('/auth/sign-out', cookie, { method: 'POST', headers: { origin: api.url } });
    expect(out.status).toBe(200);
    expect(out.headers.get('set-cookie')).toContain('Max-Age=0');
    expect((await send('/v1/me', cookie)).status).toBe(401);
  });

  it('is not enough for a change that another site asks for', async () => {
    const cookie = await signIn(api.url);
    const foreign = [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }, {}];
    for (const headers of foreign) {
      const out = await send('/auth/sign-out', cookie, { method: 'POST', headers });
      expect(await codeOf(out)).toEqual({ status: 403, code: 'csrf_refused' });
    }
    expect((await send('/v1/me', cookie)).status).toBe(200);
    const signInElsewhere = await sendSignIn(
      api.url,
      { email: ownerEmail, password: ownerPassword },
      { origin: 'https://evil.example' },
    );
    expect(await codeOf(signInElsewhere)).toEqual({ status: 403, code: 'csrf_refused' });
  });
});

it('makes whoever guesses wait, whoever they claim to be', async () => {
  const statuses: number[] = [];
  for (let count = 0; count < 6; count += 1) {
    const answer = await sendSignIn(api.url, { email: 'guessed@example.com', password: `guess ${count}` });
    statuses.push(answer.status);
    if (answer.status === 429) {
      expect(answer.headers.get('retry-after')).toBe('1');
      expect(await codeOf(answer)).toEqual({ status: 429, code: 'rate_limited' });
    }
  }
  expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
});

it('sends its pages and answers with headers that keep other sites and caches out', async () => {
  const page = await fetch(`${api.url}/test/payments`);
  expect(page.headers.get('content-type')).toMatch(/^text\/html/);
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self';");
  expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  const answer = await send('/v1/payments', await signIn(api.url));
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  });
});
