/**
 * House rules that no other tool covers. Each row names the files it looks at, what it must not find there, and what
 * to do instead; the answer is one line `file:line: message` per finding.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const shippedLinesMax = 400;

const isSource = (path) => /\.(ts|tsx|mts|mjs|js|cjs)$/.test(path);
const isTest = (path) => /\.test\.(tsx?|mjs)$|^(libs|apps)\/[^/]+\/test\//.test(path);
const isPackageCode = (path) => /^(libs|apps)\/[^/]+\//.test(path) && isSource(path);
const isShipped = (path) => isPackageCode(path) && !isTest(path);
const isOutside =
  (...folders) =>
  (path) =>
    !folders.some((folder) => path.startsWith(folder));

const outsideConfig = isOutside('libs/config/');
const outsideClientAddress = isOutside('apps/api/src/client-address/');
const outsideSqlFolders = isOutside(
  'libs/db/src/statements/',
  'libs/db/src/queries/',
  'libs/db/src/schema/', // check constraints and defaults are SQL fragments by nature
  'libs/postgres-local/',
  'libs/queue/',
);
const sqlText = /[`'"]\s*(select\s[^`'"]*\bfrom\s|insert\s+into\s|update\s+\S+\s+set\s|delete\s+from\s)/i;
const sqlCall = /\bsql(<[^>`]*>)?`|\bsql\.raw\(|\.query(<[^(]*>)?\(\s*[`'"]/;

const rules = [
  {
    files: (path) => isShipped(path) && outsideConfig(path),
    refuse: /\bprocess\.env\b|\benv\b[^;]*from 'node:process'/,
    message: 'only libs/config reads the environment; take the value as an argument',
  },
  {
    files: (path) => isShipped(path) && outsideSqlFolders(path),
    refuse: new RegExp(`${sqlCall.source}|${sqlText.source}`, 'i'),
    message: 'raw SQL belongs in libs/db/src/statements or libs/db/src/queries',
  },
  {
    files: (path) => path.startsWith('libs/') && isSource(path),
    refuse: /['"]@nestjs\//,
    message: 'libraries know nothing of Nest; wire it in an app',
  },
  {
    files: isShipped,
    refuse: /:\s*any\b|\bas any\b|@ts-(ignore|expect-error|nocheck)/,
    message: 'no any and no silenced type error in shipped code (in prose, avoid a colon before "any")',
  },
  {
    files: isPackageCode,
    refuse: /\w*amount\w*\??:\s*(number\b|z\.(coerce\.)?number)|\w+Atomic\??:\s*(number\b|z\.(coerce\.)?number)/i,
    message: 'money is never a number; amounts are bigint atomic units',
  },
  {
    files: (path) => path.startsWith('apps/api/src/') && isShipped(path) && outsideClientAddress(path),
    refuse: /\brequest\.ips?\b|\bremoteAddress\b|\btrustProxy\b|x-forwarded-/,
    message: 'where a request comes from is said by clientAddressOf alone',
  },
  {
    files: isPackageCode,
    refuse: /\bvi\.(mock|doMock)\(/,
    message: 'no vi.mock; use a fake behind a port (libs/testing) or the real thing',
  },
  {
    files: (path) => isTest(path),
    refuse: /\b(it|test|describe)(\.\w+)*\.(only|skip|todo)\b/,
    message: 'no .only, .skip or .todo; a test that needs a missing service uses skipIf and says why',
  },
  {
    files: (path) => isTest(path),
    refuse: /setTimeout\(\s*r|\bsleep\(|timers\/promises/,
    message: 'no sleeping in tests; wait for a condition (expect.poll, vi.waitFor)',
  },
  {
    files: () => true,
    refuse: /(?<![\w.~}*$/-])\/(root|home|work|Users)\/[\w.-]/,
    message: 'names a folder of one machine',
  },
];

/** Findings about one file, in the order of its lines; pure, so that the test needs no repository. */
export function checkFile(path, text) {
  const found = (line, message) => ({ path, line, message });
  const findings = rules
    .filter((rule) => rule.files(path))
    .flatMap(({ refuse, message }) =>
      [...text.matchAll(new RegExp(refuse.source, `g${refuse.flags}`))].map((match) =>
        found(text.slice(0, match.index).split('\n').length, message),
      ),
    );
  const lines = text.split('\n').length - 1;
  if (isShipped(path) && lines > shippedLinesMax) {
    findings.push(found(lines, `${lines} lines; a shipped file has at most ${shippedLinesMax}`));
  }
  if (/^(libs|apps)\/[^/]+\/src\/.+\/(index|types)\.tsx?$/.test(path)) {
    findings.push(found(1, 'no index.ts and no types.ts below the root of a package'));
  }
  if (isPackageCode(path) && /(^|[/.-])(utils?|helpers?|common|misc)([/.-])/.test(path)) {
    findings.push(found(1, 'name the file after its main export, not utils, helpers, common or misc'));
  }
  return findings.sort((a, b) => a.line - b.line);
}

/** Host of the package registry npm was told to use, when it is one of its own: it must not stand in the repository. */
function checkRegistryHost(path, text, registry) {
  const host = registry ? new URL(registry).host : '';
  if (host === '' || !text.includes(host)) return [];
  const line = text.slice(0, text.indexOf(host)).split('\n').length;
  return [{ path, line, message: 'names the package registry of one machine' }];
}

function main() {
  const root = resolve(import.meta.dirname, '..');
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  const paths = String(listed)
    .split('\0')
    .filter((path) => path !== '' && !/\.(png|jpe?g|ico|woff2?)$/.test(path));
  let count = 0;
  for (const path of paths) {
    const text = readOrEmpty(join(root, path));
    const findings = [...checkFile(path, text), ...checkRegistryHost(path, text, process.env.npm_config_registry)];
    for (const { line, message } of findings) console.error(`${path}:${line}: ${message}`);
    count += findings.length;
  }
  if (count > 0) process.exitCode = 1;
  else console.log(`check-house-rules: ${paths.length} files keep the house rules.`);
}

/** A file that git still lists but that was just deleted has nothing to say. */
function readOrEmpty(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'EISDIR') return '';
    throw error;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
