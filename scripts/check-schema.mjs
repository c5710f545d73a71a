/**
 * Fails when libs/db/src/schema says something that migrations/ does not: drizzle-kit generates into a copy,
 * and nothing new may appear there. The repository itself is only read.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const config = 'drizzle.config.ts';
const generateTimeoutMs = 60_000;

function migrationFiles(folder) {
  return readdirSync(folder, { recursive: true }).map(String).sort();
}

function fail(message) {
  console.error(`check-schema: ${message}`);
  process.exitCode = 1;
}

/** drizzle-kit reads its paths against the working folder, so a folder of links lets the real config be used as is. */
function generateInto(copy) {
  for (const folder of ['libs', 'node_modules']) symlinkSync(join(root, folder), join(copy, folder), 'junction');
  for (const name of [config, 'migrations', 'package.json'])
    cpSync(join(root, name), join(copy, name), { recursive: true });
  const before = migrationFiles(join(copy, 'migrations'));
  const drizzleKit = join(root, 'node_modules', 'drizzle-kit', 'bin.cjs');
  const run = spawnSync(process.execPath, ['--conditions=source', drizzleKit, 'generate', '--name=difference'], {
    cwd: copy,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: generateTimeoutMs,
  });
  const added = migrationFiles(join(copy, 'migrations')).filter((file) => !before.includes(file));
  const sql = added
    .filter((file) => file.endsWith('.sql'))
    .map((file) => readFileSync(join(copy, 'migrations', file), 'utf8'));
  return { run, sql };
}

function check() {
  for (const needed of [config, 'migrations']) {
    if (!existsSync(join(root, needed))) return fail(`${needed} does not exist.`);
  }
  const copy = mkdtempSync(join(tmpdir(), 'tollbook-schema-'));
  try {
    const { run, sql } = generateInto(copy);
    if (sql.length > 0)
      return fail(`migrations/ lacks what the schema says. drizzle-kit would add:\n${sql.join('\n')}`);
    // A question (was this column renamed?) cannot be answered here and is a difference too.
    if (run.status !== 0 || !run.stdout.includes('No schema changes')) {
      return fail(`drizzle-kit did not confirm that nothing changed:\n${run.stdout}${run.stderr}`);
    }
    console.log('check-schema: migrations/ and libs/db/src/schema agree.');
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

check();
