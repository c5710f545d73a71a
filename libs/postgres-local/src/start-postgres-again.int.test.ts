import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { choosePort } from './choose-port.js';
import { makeScratchFolder, queryOnce, type ScratchFolder } from './scratch-folder.js';
import { findUnprivilegedAccount } from './server-account.js';

const builtLibrary = new URL('../dist/index.js', import.meta.url).href;
const isRoot = process.getuid?.() === 0;

describe('startPostgres on a folder that was used before', { timeout: 30_000 }, () => {
  /** One cluster for all who can live with its past: making one is what takes the time. */
  let shared: ScratchFolder;
  let ownFolders: ScratchFolder[] = [];
  function makeOwnFolder(): ScratchFolder {
    const scratch = makeScratchFolder();
    ownFolders.push(scratch);
    return scratch;
  }
  const children: ChildProcess[] = [];
  beforeAll(() => {
    shared = makeScratchFolder();
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await Promise.all([shared.stopAll(), ...ownFolders.map((scratch) => scratch.end())]);
    ownFolders = [];
  });
  afterAll(() => shared.end());

  /** Starts PostgreSQL from another process, which is what the supervisor is to a later one. */
  function startElsewhere(scratch: ScratchFolder, thenDo = 'await server.exited'): ChildProcess {
    expect(existsSync(new URL(builtLibrary)), 'run npm run build first').toBe(true);
    const options = JSON.stringify({ dataDir: scratch.path, isDurable: false });
    const script = `
      const { startPostgres } = await import(${JSON.stringify(builtLibrary)});
      const server = await startPostgres(${options});
      console.log(JSON.stringify({ pid: server.pid, url: server.url }));
      ${thenDo};`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    children.push(child);
    return child;
  }

  it('keeps committed rows when the server is killed, again and again', async () => {
    let server = await shared.start({ isDurable: true });
    await queryOnce(server.url, 'create table counts (body int)');
    for (const body of [1, 2, 3]) {
      await queryOnce(server.url, `insert into counts values (${body})`);
      process.kill(server.pid, 'SIGKILL');
      // Not waiting for the end: the next start finds processes of this one still ending.
      const next = await shared.start({ isDurable: true });
      expect(await server.exited).toEqual({ code: null, signal: 'SIGKILL' });
      expect(next.wasAdopted).toBe(false);
      server = next;
    }
    expect(await queryOnce(server.url, 'select body from counts order by 1')).toEqual(
      [1, 2, 3].map((body) => ({ body })),
    );
  });

  it('waits for the last process of a killed server to let go of its memory', async () => {
    const first = await shared.start();
    const client = new pg.Client({ connectionString: first.adminUrl });
    client.on('error', () => undefined);
    await client.connect();
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    const backendPid = rows[0]?.pid ?? 0;
    expect(backendPid).toBeGreaterThan(0);
    process.kill(backendPid, 'SIGSTOP');
    process.kill(first.pid, 'SIGKILL');
    const lines: string[] = [];
    const starting = shared.start({ log: (line) => lines.push(line) });
    await expect.poll(() => lines.join('\n')).toContain('pre-existing shared memory block');
    process.kill(backendPid, 'SIGCONT');
    expect((await starting).wasAdopted).toBe(false);
    await client.end();
  });

  it('adopts the server that runs there, whatever port is wanted, and can stop it', async () => {
    const first = await shared.start();
    const lines: string[] = [];
    const second = await shared.start({ port: 1, log: (line) => lines.push(line) });
    expect(second).toMatchObject({ wasAdopted: true, pid: first.pid, port: first.port, url: first.url });
    await queryOnce(second.url, `do $$ begin raise warning 'seen by the adopter'; end $$`);
    await expect.poll(() => lines.join('\n')).toContain('seen by the adopter');
    await second.stop();
    expect(await first.exited).toEqual({ code: 0, signal: null });
    expect(await second.exited).toEqual({ code: null, signal: null });
  });

  it('waits for a server that is ending and then starts anew', async () => {
    const first = await shared.start();
    const stopping = first.stop();
    const second = await shared.start();
    await stopping;
    expect(second).toMatchObject({ wasAdopted: false, port: first.port });
    expect(second.pid).not.toBe(first.pid);
  });

  it('gives starts at the same moment one and the same server', async () => {
    const scratch = makeOwnFolder();
    // With a wanted port the one that loses asks the winner's server, without one it asks nobody's.
    for (const wanted of [{}, { port: await choosePort(undefined) }]) {
      const servers = await Promise.all([scratch.start(wanted), scratch.start(wanted)]);
      expect(new Set(servers.map((server) => server.url)).size).toBe(1);
      expect(new Set(servers.map((server) => server.pid)).size).toBe(1);
      expect(servers.filter((server) => !server.wasAdopted)).toHaveLength(1);
      await scratch.stopAll();
    }
  });

  it('adopts the server that a killed process left, which neither kill nor Ctrl-C of that process ended', async () => {
    const child = startElsewhere(shared);
    const [line] = child.stdout ? await once(child.stdout, 'data') : [];
    const started: unknown = JSON.parse(String(line));
    expect(child.pid).toBeDefined();
    // Ctrl-C reaches the whole process group of the terminal.
    process.kill(-(child.pid ?? 0), 'SIGINT');
    await once(child, 'exit');
    const server = await shared.start();
    expect(server.wasAdopted).toBe(true);
    expect(started).toEqual({ pid: server.pid, url: server.url });
    await server.stop();
  });

  it('is told to stop when the process that started it exits by itself, stopped or not', async () => {
    const child = startElsewhere(shared, 'process.exit(3)');
    expect(await once(child, 'exit')).toEqual([3, null]);
    // The server that was left may still be ending, but it is not there to be adopted.
    expect((await shared.start()).wasAdopted).toBe(false);
  });

  it('is not stopped for good by a start that was killed while it made the cluster', async () => {
    const scratch = makeOwnFolder();
    const child = startElsewhere(scratch);
    const drafts = () => readdirSync(scratch.path).filter((name) => name.startsWith('draft-'));
    const hasBegun = () => drafts().some((name) => existsSync(path.join(scratch.path, name, 'cluster', 'base')));
    await expect.poll(hasBegun, { interval: 5, timeout: 10_000 }).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(drafts()).toHaveLength(1);
    const server = await scratch.start();
    expect(await queryOnce(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    // initdb itself may outlive its parent for a moment; the draft goes with it or at the next start.
    await expect.poll(async () => (await scratch.start()).wasAdopted && drafts().length === 0).toBe(true);
  });

  it('is not stopped for good by a pid file whose number another process has now', async () => {
    const server = await shared.start();
    await server.stop();
    // PostgreSQL itself gives up when a process of the same account has the number.
    const account = isRoot ? findUnprivilegedAccount() : {};
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { cwd: '/', ...account });
    children.push(stranger);
    await once(stranger, 'spawn');
    const { clusterDir, pidFile } = files(shared);
    const startedAt = Math.floor(Date.now() / 1000);
    writeFileSync(pidFile, `${stranger.pid}\n${clusterDir}\n${startedAt}\n${server.port}\n\n127.0.0.1\n`);
    expect((await shared.start()).wasAdopted).toBe(false);
  });

  it('is not stopped for good by a pid file that a power cut left empty', async () => {
    const server = await shared.start();
    await server.stop();
    const { pidFile } = files(shared);
    writeFileSync(pidFile, '');
    utimesSync(pidFile, new Date(0), new Date(0));
    expect((await shared.start()).wasAdopted).toBe(false);
  });

  it('clears drafts of processes that are gone and keeps what is not its own', async () => {
    mkdirSync(path.join(shared.path, 'draft-999999999-abc'));
    writeFileSync(path.join(shared.path, 'server.json.999999999-abc'), '{}');
    writeFileSync(path.join(shared.path, 'notes.txt'), 'mine');
    await shared.start();
    const names = readdirSync(shared.path);
    expect(names).toContain('notes.txt');
    expect(names.filter((name) => name.includes('999999999'))).toEqual([]);
  });
});

function files(scratch: ScratchFolder): { clusterDir: string; pidFile: string } {
  const clusterDir = path.join(scratch.path, 'cluster');
  return { clusterDir, pidFile: path.join(clusterDir, 'postmaster.pid') };
}
