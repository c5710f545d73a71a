import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findBlockingFolder } from './find-blocking-folder.js';
import { findNativePackage, type NativePackage } from './native-package.js';
import { makeScratchFolder, queryOnce, type ScratchFolder } from './scratch-folder.js';
import { findUnprivilegedAccount } from './server-account.js';

const isRoot = process.getuid?.() === 0;
const builtLibrary = new URL('../dist/index.js', import.meta.url);
/** The unprivileged account has to read this checkout to run the library from it. */
const canDropHere =
  isRoot && findBlockingFolder(path.dirname(fileURLToPath(import.meta.url)), findUnprivilegedAccount()) === undefined;

describe('startPostgres under the accounts it may find', { timeout: 30_000 }, () => {
  /** One cluster for all who can live with its past: making one is what takes the time. */
  let shared: ScratchFolder;
  const others: ScratchFolder[] = [];
  let native: NativePackage;

  beforeAll(async () => {
    shared = makeScratchFolder();
    const { nativeDir, release } = await findNativePackage();
    native = { nativeDir: path.join(shared.path, 'package', 'native'), release };
    cpSync(nativeDir, native.nativeDir, { recursive: true, verbatimSymlinks: true });
    chmodSync(shared.path, 0o711);
  });
  beforeEach(() => {
    // As a package manager leaves it that runs no install scripts.
    for (const link of libraryLinks()) rmSync(link);
    chmodSync(path.join(shared.path, 'package'), 0o755);
  });
  afterEach(async () => {
    await shared.stopAll();
    await Promise.all(others.splice(0).map((scratch) => scratch.end()));
  });
  afterAll(() => shared.end());

  function libraryLinks(): string[] {
    const libraries = path.join(native.nativeDir, 'lib');
    return readdirSync(libraries)
      .map((name) => path.join(libraries, name))
      .filter((file) => lstatSync(file).isSymbolicLink());
  }

  function makeOtherFolder(): ScratchFolder {
    const scratch = makeScratchFolder();
    chmodSync(scratch.path, 0o711);
    others.push(scratch);
    return scratch;
  }

  it('makes missing library links where they belong', async () => {
    const server = await shared.start({}, async () => native);
    expect(await queryOnce(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(libraryLinks().length > 0).toBe(existsSync(path.join(native.nativeDir, 'pg-symlinks.json')));
  });

  it.runIf(isRoot)('as root runs the server as nobody, with no rights of ours', async () => {
    const server = await shared.start();
    const { uid } = findUnprivilegedAccount();
    expect(statSync(`/proc/${server.pid}`).uid).toBe(uid);
    expect(readFileSync(`/proc/${server.pid}/status`, 'utf8')).toMatch(/^Groups:\s*$/m);
    expect(statSync(path.join(shared.path, 'cluster')).uid).toBe(uid);
    expect(statSync(path.join(shared.path, 'cluster')).mode & 0o777).toBe(0o700);
  });

  it.runIf(isRoot)('as root names the folder that keeps the server from its data, and the way out', async () => {
    const scratch = makeOtherFolder();
    const closed = path.join(realpathSync(scratch.path), 'closed');
    mkdirSync(closed, { mode: 0o700 });
    const failure = await scratch.start({ dataDir: path.join(closed, 'postgres') }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'folder_not_reachable' });
    expect(String(failure)).toContain(`cannot enter ${closed} (mode 0700)`);
    expect(String(failure)).toContain('TOLLBOOK_DATA_DIR');
    expect(String(failure)).toContain(`chmod o+x '${closed}'`);
  });

  it.runIf(isRoot)('as root runs a copy of programs that the account cannot reach, made once', async () => {
    chmodSync(path.join(shared.path, 'package'), 0o700);
    mkdirSync(path.join(shared.path, 'native-of-an-older-release'), { recursive: true });
    const first = await shared.start({}, async () => native);
    const copyDir = path.join(shared.path, `native-${native.release}`);
    expect(realpathSync(`/proc/${first.pid}/exe`)).toBe(path.join(realpathSync(copyDir), 'bin', 'postgres'));
    const madeAt = statSync(copyDir).ctimeMs;
    await first.stop();
    await shared.start({}, async () => native);
    expect(statSync(copyDir).ctimeMs).toBe(madeAt);
    const leftovers = readdirSync(shared.path).filter((name) => /^(native|draft)-/.test(name));
    expect(leftovers).toEqual([path.basename(copyDir)]);
  });

  it.runIf(isRoot)('as root takes a copied cluster of root back, and leaves an ordinary user theirs', async () => {
    const scratch = makeOtherFolder();
    const first = await scratch.start();
    await first.stop();
    const clusterDir = path.join(scratch.path, 'cluster');
    giveAll(clusterDir, 0);
    const second = await scratch.start();
    expect(statSync(`/proc/${second.pid}`).uid).toBe(findUnprivilegedAccount().uid);
    await second.stop();
    const ordinaryUid = 54_321;
    for (const entry of [clusterDir, path.join(scratch.path, 'server.json'), scratch.path]) giveAll(entry, ordinaryUid);
    const third = await scratch.start();
    expect(statSync(`/proc/${third.pid}`).uid).toBe(ordinaryUid);
    await third.stop();
    for (const name of readdirSync(scratch.path)) {
      expect(statSync(path.join(scratch.path, name)).uid, name).toBe(ordinaryUid);
    }
  });

  it.runIf(canDropHere)('as an ordinary user starts as that user, from a package it may not write to', async () => {
    const scratch = makeOtherFolder();
    const { uid, gid } = findUnprivilegedAccount();
    const home = path.join(scratch.path, 'home');
    mkdirSync(home, { mode: 0o700 });
    chownSync(home, uid, gid);
    const options = JSON.stringify({ dataDir: path.join(home, 'data', 'postgres'), isDurable: false });
    const script = `
      import { statSync, readdirSync } from 'node:fs';
      const { startPostgresWith } = await import(${JSON.stringify(new URL('start-postgres.js', builtLibrary).href)});
      const { findNativePackage } = await import(${JSON.stringify(new URL('native-package.js', builtLibrary).href)});
      const results = [];
      for (const find of [findNativePackage, async () => (${JSON.stringify(native)})]) {
        const server = await startPostgresWith(${options}, () => find());
        results.push([process.getuid(), statSync('/proc/' + server.pid).uid]);
        await server.stop();
      }
      const folder = ${options}.dataDir;
      console.log(JSON.stringify({ results, modes: readdirSync(folder).map((name) => {
        const { mode, uid } = statSync(folder + '/' + name);
        return [name, (mode & 0o777).toString(8), uid];
      }) }));`;
    expect(JSON.parse(await runAs({ uid, gid }, script))).toEqual({
      results: [
        [uid, uid],
        [uid, uid],
      ],
      modes: [
        ['cluster', '700', uid],
        [`native-${native.release}`, '755', uid],
        ['server.json', '600', uid],
        ['server.log', '600', uid],
      ],
    });
  });

  it.runIf(canDropHere)('as an ordinary user refuses a folder of another account, saying whose it is', async () => {
    const dataDir = path.join(makeOtherFolder().path, 'data');
    mkdirSync(dataDir, { mode: 0o755 });
    const script = `
      const { startPostgres } = await import(${JSON.stringify(builtLibrary.href)});
      const failure = await startPostgres({ dataDir: ${JSON.stringify(dataDir)} }).catch((error) => error);
      console.log(JSON.stringify([failure.code, failure.message]));`;
    expect(JSON.parse(await runAs(findUnprivilegedAccount(), script))).toEqual([
      'folder_not_ours',
      expect.stringContaining('belongs to another account (uid 0)'),
    ]);
  });
});

async function runAs(account: { uid: number; gid: number }, script: string): Promise<string> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    ...account,
    cwd: '/',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const [code] = await once(child, 'close');
  expect(code).toBe(0);
  return output;
}

function giveAll(entry: string, uid: number): void {
  chownSync(entry, uid, uid);
  if (!statSync(entry).isDirectory()) return;
  for (const name of readdirSync(entry)) giveAll(path.join(entry, name), uid);
}
