/**
 * Proves that `npm ci` will work on another machine: the lock names no download address, no platform package is
 * missing from it, every manifest pins exact versions, and npm itself finds lock and manifests in agreement.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const exactVersion = /^(npm:(@[^/]+\/)?[^@]+@)?\d+\.\d+\.\d+([-+][\w.+-]+)?$/;
const npmTimeoutMs = 120_000;

/** Lock entries that say where they were downloaded from. */
export function findDownloadAddresses(lock) {
  return Object.entries(lock.packages)
    .filter(([, entry]) => /^(https?|git)/.test(entry.resolved ?? ''))
    .map(([path, entry]) => `package-lock.json: ${path} is resolved to ${entry.resolved}`);
}

/** Optional dependencies (the builds for other platforms) that some package names and the lock leaves out. */
export function findMissingOptionals(lock) {
  return Object.entries(lock.packages).flatMap(([path, entry]) =>
    Object.keys(entry.optionalDependencies ?? {})
      .filter((name) => !isLocked(lock, path, name))
      .map((name) => `package-lock.json: ${path || 'the root'} wants ${name}, which has no entry`),
  );
}

function isLocked(lock, path, name) {
  for (let folder = path; ; folder = posix.dirname(folder)) {
    if (folder === '.') folder = '';
    if (posix.join(folder, 'node_modules', name) in lock.packages) return true;
    if (folder === '') return false;
  }
}

/** Dependencies and overrides of one manifest that are not pinned to one version. */
export function findRanges(manifestPath, manifest) {
  const groups = ['dependencies', 'devDependencies', 'optionalDependencies', 'overrides'];
  return groups.flatMap((group) =>
    rangesIn(manifest[group] ?? {}).map((range) => `${manifestPath}: ${group}: ${range}`),
  );
}

function rangesIn(versions) {
  return Object.entries(versions).flatMap(([name, version]) => {
    if (typeof version !== 'string') return rangesIn(version);
    return exactVersion.test(version) || version.startsWith('$')
      ? []
      : [`${name} is "${version}", not one exact version`];
  });
}

/** What is installed by itself: the workspaces under one lock, and what other people wrote under locks of their own. */
function installs(root) {
  return [
    { folder: '.', manifests: workspaceManifests(root) },
    { folder: 'compat', manifests: ['package.json'] },
    { folder: 'bench/peers', manifests: ['package.json'] },
  ];
}

function workspaceManifests(root) {
  const folders = ['libs', 'apps'].filter((folder) => existsSync(join(root, folder)));
  const packages = folders.flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name)));
  return ['.', ...packages]
    .map((folder) => join(folder, 'package.json'))
    .filter((path) => existsSync(join(root, path)));
}

/** Runs `npm ci` dry, offline and from nothing but manifests and lock; answers with npm's own complaint, if any. */
function tryCleanInstall(root, folder, manifests) {
  const copy = mkdtempSync(join(tmpdir(), 'tollbook-lockfile-'));
  try {
    for (const path of [...manifests, 'package-lock.json', '.npmrc']) {
      cpSync(join(root, folder, path), join(copy, path), { recursive: true });
    }
    const run = spawnSync('npm', ['ci', '--dry-run', '--ignore-scripts', '--offline', '--loglevel=error'], {
      cwd: copy,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: npmTimeoutMs,
    });
    return run.status === 0 ? [] : [`npm ci would fail:\n${run.error ?? run.stderr}`];
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function main() {
  const root = resolve(dirname(import.meta.filename), '..');
  let entries = 0;
  let problemCount = 0;
  const all = installs(root);
  for (const { folder, manifests } of all) {
    const readJson = (path) => JSON.parse(readFileSync(join(root, folder, path), 'utf8'));
    const lock = readJson('package-lock.json');
    const problems = [
      ...findDownloadAddresses(lock),
      ...findMissingOptionals(lock),
      ...manifests.flatMap((path) => findRanges(path, readJson(path))),
      ...tryCleanInstall(root, folder, manifests),
    ];
    for (const problem of problems) console.error(`check-lockfile: ${folder}: ${problem}`);
    entries += Object.keys(lock.packages).length;
    problemCount += problems.length;
  }
  const manifestCount = all.flatMap(({ manifests }) => manifests).length;
  if (problemCount > 0) process.exitCode = 1;
  else console.log(`check-lockfile: ${entries} entries of ${all.length} locks, ${manifestCount} manifests agree.`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
