import { mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeScratchFolder, queryOnce, type ScratchFolder } from './scratch-folder.js';

describe('startPostgres', { timeout: 30_000 }, () => {
  /** One cluster for all who can live with its past: making one is what takes the time. */
  let shared: ScratchFolder;
  let ownFolders: ScratchFolder[] = [];
  function makeOwnFolder(): ScratchFolder {
    const scratch = makeScratchFolder();
    ownFolders.push(scratch);
    return scratch;
  }
  beforeAll(() => {
    shared = makeScratchFolder();
  });
  afterEach(async () => {
    await Promise.all([shared.stopAll(), ...ownFolders.map((scratch) => scratch.end())]);
    ownFolders = [];
  });
  afterAll(() => shared.end());

  it('gives an ordinary login that owns its database and may create roles, and nothing more', async () => {
    const server = await shared.start({ maxConnections: 33 });
    const [row] = await queryOnce(
      server.url,
      'create table own_notes (body text)',
      `select rolsuper, rolbypassrls, rolcreatedb, rolreplication, rolcreaterole,
         (select pg_get_userbyid(datdba) from pg_database where datname = current_database()) as owner,
         current_database() as database, current_setting('server_encoding') as encoding,
         (select datcollate from pg_database where datname = current_database()) as collation,
         current_setting('data_checksums') as checksums, current_setting('timezone') as timezone,
         current_setting('max_connections') as connections, current_setting('fsync') as fsync
       from pg_roles where rolname = current_user`,
    );
    expect(row).toEqual({
      rolsuper: false,
      rolbypassrls: false,
      rolcreatedb: false,
      rolreplication: false,
      rolcreaterole: true,
      owner: 'tollbook',
      database: 'tollbook',
      encoding: 'UTF8',
      collation: 'C',
      checksums: 'on',
      timezone: 'UTC',
      connections: '33',
      fsync: 'off',
    });
  });

  it('listens on loopback alone, asks everybody for a password and is durable unless told otherwise', async () => {
    const server = await shared.start({ isDurable: true });
    const rows = await queryOnce(
      server.adminUrl,
      `select string_agg(distinct auth_method, ',') as methods, current_setting('listen_addresses') as addresses,
         current_setting('unix_socket_directories') as sockets, current_setting('fsync') as fsync,
         current_setting('synchronous_commit') as commit, current_setting('full_page_writes') as pages
       from pg_hba_file_rules`,
    );
    expect(rows).toEqual([
      { methods: 'scram-sha-256', addresses: '127.0.0.1', sockets: '', fsync: 'on', commit: 'on', pages: 'on' },
    ]);
    const withoutPassword = server.url.replace(/:[^:@]+@/, ':wrong@');
    await expect(queryOnce(withoutPassword, 'select 1')).rejects.toMatchObject({ code: '28P01' });
  });

  it('keeps passwords in one file that only its owner can read', async () => {
    const server = await shared.start();
    await server.stop();
    const password = new URL(server.url).password;
    const recordFile = path.join(shared.path, 'server.json');
    expect(readFileSync(recordFile, 'utf8')).toContain(password);
    expect(statSync(recordFile).mode & 0o777).toBe(0o600);
    expect(statSync(recordFile).uid).toBe(process.getuid?.());
    expect(readdirSync(shared.path)).toEqual(expect.arrayContaining(['cluster', 'server.json', 'server.log']));
    expect(readFileSync(path.join(shared.path, 'server.log'), 'utf8')).not.toContain(password);
  });

  it('keeps its rows, port and passwords over a stop, which may be repeated', async () => {
    const first = await shared.start();
    await queryOnce(first.url, 'create table kept_notes (body text)', `insert into kept_notes values ('kept')`);
    await Promise.all([first.stop(), first.stop()]);
    expect(await first.exited).toEqual({ code: 0, signal: null });
    const second = await shared.start();
    expect(second.url).toBe(first.url);
    expect(second.wasAdopted).toBe(false);
    expect(await queryOnce(second.url, 'select body from kept_notes')).toEqual([{ body: 'kept' }]);
  });

  it('takes another port when the remembered one is in use, and remembers that', async () => {
    const first = await shared.start();
    await first.stop();
    const occupant = await occupyPort(first.port);
    const second = await shared.start();
    await occupant.release();
    expect(second.port).not.toBe(first.port);
    await second.stop();
    expect((await shared.start()).port).toBe(second.port);
  });

  it('refuses a wanted port that is in use, naming it and quoting the server but no password', async () => {
    const occupant = await occupyPort(0);
    const failure = await shared.start({ port: occupant.port }).catch((error: unknown) => error);
    await occupant.release();
    expect(failure).toMatchObject({ name: 'PostgresStartError', code: 'port_in_use' });
    expect(String(failure)).toContain(`Port ${occupant.port}`);
    expect(String(failure)).toContain('could not bind');
    const record: unknown = JSON.parse(readFileSync(path.join(shared.path, 'server.json'), 'utf8'));
    expect(record).toMatchObject({ superuserPassword: expect.stringMatching(/.{32}/) });
    for (const secret of Object.values(record ?? {})) {
      if (typeof secret === 'string') expect(String(failure)).not.toContain(secret);
    }
    expect((await shared.start({ port: occupant.port })).port).toBe(occupant.port);
  });

  it('makes database and login when an earlier start was killed before it could', async () => {
    const server = await shared.start();
    await queryOnce(server.adminUrl, 'drop database tollbook');
    await server.stop();
    const withoutDatabase = await shared.start();
    await queryOnce(withoutDatabase.adminUrl, 'drop database tollbook', 'drop role tollbook');
    await withoutDatabase.stop();
    const withoutBoth = await shared.start();
    expect(await queryOnce(withoutBoth.url, 'select current_user as login')).toEqual([{ login: 'tollbook' }]);
  });

  it('refuses a cluster without its passwords, and one of another major version', async () => {
    await (await shared.start()).stop();
    const clusterDir = path.join(shared.path, 'cluster');
    const versionFile = path.join(clusterDir, 'PG_VERSION');
    const version = readFileSync(versionFile);
    writeFileSync(versionFile, '12\n');
    await expect(shared.start()).rejects.toMatchObject({ code: 'version_mismatch' });
    writeFileSync(versionFile, version);
    const recordFile = path.join(shared.path, 'server.json');
    const record = readFileSync(recordFile);
    writeFileSync(recordFile, record.subarray(0, 20));
    await expect(shared.start()).rejects.toMatchObject({ code: 'passwords_missing' });
    writeFileSync(recordFile, record);
  });

  it('refuses a folder in the place of the cluster that is none, and leaves it alone', async () => {
    const scratch = makeOwnFolder();
    const letter = path.join(scratch.path, 'cluster', 'letter.txt');
    mkdirSync(path.dirname(letter));
    writeFileSync(letter, 'not a database');
    await expect(scratch.start()).rejects.toMatchObject({ code: 'folder_not_ours' });
    expect(readFileSync(letter, 'utf8')).toBe('not a database');
  });

  it('can be given up, leaving nothing that runs', async () => {
    const scratch = makeOwnFolder();
    await expect(scratch.start({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
    const giveUp = new AbortController();
    const starting = scratch.start({ signal: giveUp.signal });
    const isMakingCluster = () => readdirSync(scratch.path).some((name) => name.startsWith('draft-'));
    await expect.poll(isMakingCluster, { interval: 5 }).toBe(true);
    giveUp.abort();
    await expect(starting).rejects.toMatchObject({ code: 'aborted' });
    expect(readdirSync(scratch.path)).toEqual(['server.json']);
  });

  it('passes the messages of the server on, and sets a log aside that has grown too large', async () => {
    const lines: string[] = [];
    const server = await shared.start({ log: (line) => lines.push(line) });
    await queryOnce(server.url, `do $$ begin raise warning 'seen by the log'; end $$`);
    await expect.poll(() => lines.join('\n')).toContain('seen by the log');
    await server.stop();
    const logFile = path.join(shared.path, 'server.log');
    truncateSync(logFile, 11 * 1024 * 1024);
    await shared.start();
    expect(statSync(logFile).size).toBeLessThan(10_000);
    expect(statSync(`${logFile}.old`).size).toBe(11 * 1024 * 1024);
  });
});

async function occupyPort(wanted: number): Promise<{ port: number; release: () => Promise<void> }> {
  // It answers nothing and hangs up, so that nobody waits for it.
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(wanted, '127.0.0.1', () => resolve()));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : wanted,
    release: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
