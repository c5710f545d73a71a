import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@tollbook/postgres-local';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { requireRedis } from '../src/supervisor/require-redis.js';
import { type ComposeService, checkoutRoot, readComposeFile } from './compose-file.js';
import { eventually, freePort, masterKey } from './world.js';

const redisServer = process.env.TOLLBOOK_TEST_REDIS_URL || 'redis://127.0.0.1:6379';
/** A database there that no other test uses; hints that an earlier run left in it do no harm. */
const redisUrl = new URL('/13', redisServer).href;
const hasRedis = await requireRedis(redisServer, 1_000).then(
  () => true,
  (error: unknown) => {
    if (process.env.TOLLBOOK_REQUIRE_REDIS === '1') throw new Error('no Redis answers', { cause: error });
    return false;
  },
);

const dockerfile = readFileSync(join(checkoutRoot, 'Dockerfile'), 'utf8');
const endMsMax = 10_000;
/** Four processes start at once, beside whatever else runs. */
const startMsMax = 60_000;

type Run = { readonly child: ChildProcess; readonly ended: Promise<number | null>; readonly said: () => string };

/** Without a Redis that answers there is nothing to run them against. */
describe.skipIf(!hasRedis)('the commands of docker-compose.yml, run as it says', () => {
  const TOLLBOOK_DATABASE_PASSWORD = 'f00d'.repeat(12);
  const { services } = readComposeFile({ TOLLBOOK_DATABASE_PASSWORD, TOLLBOOK_MASTER_KEY: masterKey });
  const folder = mkdtempSync(join(tmpdir(), 'tollbook-scaled-'));
  /** The image keeps it empty: everything is in the database, and the containers write nothing. */
  const dataDir = join(folder, 'data');
  const runs: Run[] = [];
  let databaseUrl = '';
  let ownerPassword = '';
  let db: pg.Pool;
  const endings: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    chmodSync(folder, 0o755);
    const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), isDurable: false });
    endings.push(() => postgres.stop());
    await makeDatabase(postgres.adminUrl, services.postgres);
    const url = new URL(services.api.environment.DATABASE_URL ?? '');
    url.host = new URL(postgres.url).host;
    databaseUrl = url.href;
    db = new pg.Pool({ connectionString: databaseUrl, max: 1, options: '-c role=tollbook_worker' });
    db.on('error', () => {});
  });

  afterAll(async () => {
    for (const { child } of runs) child.kill('SIGKILL');
    await Promise.all(runs.map(({ ended }) => ended));
    await db?.end();
    for (const end of endings.reverse()) await end();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What Docker would give the container, but for the places that its own network names. */
  function environmentOf(service: ComposeService, extra: Record<string, string> = {}): Record<string, string> {
    const { environment } = service;
    expect(new URL(environment.DATABASE_URL ?? '').host).toBe('postgres:5432');
    expect(new URL(environment.REDIS_URL ?? '').host).toBe('redis:6379');
    const places = { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, TOLLBOOK_DATA_DIR: dataDir };
    return { ...environment, ...places, ...extra };
  }

  function run([program, ...args]: readonly string[], env: Record<string, string>): Run {
    expect(program).toBe('node');
    const child = spawn(process.execPath, args, { cwd: checkoutRoot, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const started = { child, ended, said: () => said };
    runs.push(started);
    return started;
  }

  const rowsOf = async () =>
    (
      await db.query(
        'select (select count(*) from seal_keys) as seal_keys, (select count(*) from data_keys) as data_keys',
      )
    ).rows;

  it('migrate ends well on an empty database, and changes nothing when it runs again, or twice at once', async () => {
    const first = run(services.migrate.command, environmentOf(services.migrate));
    expect(await first.ended, first.said()).toBe(0);
    expect(first.said()).toContain('The database is up to date.');
    [, ownerPassword = ''] = /^Sign in at \S+ as owner@tollbook\.local with (\S+)$/m.exec(first.said()) ?? [];
    expect(ownerPassword).not.toBe('');
    const before = await rowsOf();
    const again = [1, 2].map(() => run(services.migrate.command, environmentOf(services.migrate)));
    for (const each of again) {
      expect(await each.ended, each.said()).toBe(0);
      expect(each.said()).not.toMatch(/applied migration|Sign in/);
    }
    expect(await rowsOf()).toEqual(before);
  });

  it('migrate says what is missing, and refuses another master key than the one it began with', async () => {
    const { DATABASE_URL: _, ...without } = environmentOf(services.migrate);
    const lost = run(services.migrate.command, without);
    expect([await lost.ended, lost.said()]).toEqual([1, expect.stringContaining('DATABASE_URL')]);
    const otherKey = masterKey.replace(/^./, '9');
    const other = run(services.migrate.command, environmentOf(services.migrate, { TOLLBOOK_MASTER_KEY: otherKey }));
    expect([await other.ended, other.said()]).toEqual([1, expect.stringContaining('master key')]);
  });

  it('two apis and two workers serve beside each other, and end in time when they are told to', async () => {
    const ports = [await freePort(), await freePort()].map(String);
    const apis = ports.map((PORT) => run(services.api.command, environmentOf(services.api, { PORT })));
    const workers = [1, 2].map(() => run(services.worker.command, environmentOf(services.worker)));
    const answer = async (port: string, path: string) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => null);
      return { status: response?.status ?? 0, body: (await response?.text()) ?? '' };
    };
    for (const port of ports) {
      const isReady = async () => (await answer(port, '/health/ready')).status === 200;
      await eventually(`the api on ${port} is ready`, isReady, startMsMax);
      expect(JSON.parse((await answer(port, '/health/ready')).body)).toMatchObject({ status: 'ready', failing: [] });
    }
    const areSeen = async () => {
      const { body } = await answer(ports[0] ?? '', '/metrics');
      return ['api', 'worker'].every((kind) => body.includes(`tollbook_processes{kind="${kind}"} 2`));
    };
    await eventually('two of each are seen', areSeen, startMsMax);
    const { body } = await answer(ports[1] ?? '', '/metrics');
    expect(body).toContain('tollbook_database_up 1');
    expect(body).toMatch(/^tollbook_queue_jobs\{queue="outbox",state="waiting"\} \d+$/m);

    const credentials = { email: 'owner@tollbook.local', password: ownerPassword };
    const cookie = await signIn(ports[0] ?? '', services.api.environment.TOLLBOOK_PUBLIC_URL ?? '', credentials);
    const me = await fetch(`http://127.0.0.1:${ports[1]}/v1/me`, { headers: { cookie } });
    expect([me.status, await me.text()]).toEqual([200, expect.stringContaining('owner@tollbook.local')]);

    const check = healthCheck();
    const checkOf = (PORT: string) => run(check, { PORT }).ended;
    expect(await checkOf(ports[0] ?? '')).toBe(0);
    expect(await checkOf(String(await freePort()))).toBe(1);

    const toldAtMs = performance.now();
    for (const { child } of [...apis, ...workers]) child.kill('SIGTERM');
    const codes = await Promise.all([...apis, ...workers].map(({ ended }) => ended));
    expect(codes, [...apis, ...workers].map(({ said }) => said()).join('')).toEqual([0, 0, 0, 0]);
    expect(performance.now() - toldAtMs).toBeLessThan(endMsMax);
    expect(existsSync(dataDir)).toBe(false);
  });
});

/** What the postgres image does when it has made an empty cluster: it runs the script that is mounted for that. */
async function makeDatabase(adminUrl: string, { environment, volumes }: ComposeService): Promise<void> {
  const [file = ''] = volumes.flatMap((volume) => /^(\.\/.*):\/docker-entrypoint-initdb\.d\//.exec(volume)?.[1] ?? []);
  const script = readFileSync(join(checkoutRoot, file), 'utf8');
  expect(script).toContain(`-v password="$POSTGRES_PASSWORD" --username "$POSTGRES_USER" --dbname postgres <<'SQL'`);
  const [, statements = ''] = /<<'SQL'\n(.*)\nSQL\n/s.exec(script) ?? [];
  const client = new pg.Client({ connectionString: adminUrl });
  client.on('error', () => {});
  await client.connect();
  // This server's own login has the same name.
  const ours = ['drop database tollbook', 'drop role tollbook'];
  const password = pg.escapeLiteral(environment.POSTGRES_PASSWORD ?? '');
  const theirs = statements.replaceAll(":'password'", password).split(';').slice(0, -1);
  for (const statement of [...ours, ...theirs]) await client.query(statement);
  await client.end();
}

/** Signs in at one api as a browser does that came by the public address; the cookie to send from then on. */
async function signIn(port: string, origin: string, credentials: object): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify(credentials),
  });
  expect(answer.status, await answer.text()).toBe(200);
  return answer.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
}

/** The health check of the image, in the form that starts without a shell. */
function healthCheck(): string[] {
  const [, text = ''] = /HEALTHCHECK[^[]*?CMD (\[.*\])$/m.exec(dockerfile) ?? [];
  return z.array(z.string()).parse(JSON.parse(text));
}
