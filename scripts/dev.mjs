/**
 * `npm run dev`: the compiler watches, and after each build without errors the supervisor is started anew, so what
 * runs is always the compiled code that `npm start` would run. SIGINT ends both.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const root = resolve(import.meta.dirname, '..');
const stopTimeoutMs = 20_000;

/** Both children lead a process group of their own: Ctrl-C then reaches them once, through us, and in our order. */
function start(args, stdio) {
  return spawn(process.execPath, args, { cwd: root, detached: true, stdio });
}

const typescript = join('node_modules', '@typescript', 'native', 'bin', 'tsc');
const compiler = start([typescript, '-b', '--watch', '--preserveWatchOutput'], ['ignore', 'pipe', 'inherit']);
let supervisor;
let isStopping = false;
let restarts = Promise.resolve();
let isRestartWaiting = false;

function isAlive(child) {
  return child !== undefined && child.exitCode === null && child.signalCode === null;
}

async function stopSupervisor() {
  if (!isAlive(supervisor)) return;
  const exited = once(supervisor, 'exit');
  const deadline = setTimeout(() => supervisor.kill('SIGKILL'), stopTimeoutMs);
  supervisor.kill('SIGINT');
  await exited;
  clearTimeout(deadline);
}

/** Builds that finish while a restart is under way are answered by one more restart, not by one each. */
function requestRestart() {
  if (isRestartWaiting) return;
  isRestartWaiting = true;
  restarts = restarts.then(async () => {
    await stopSupervisor();
    isRestartWaiting = false;
    if (!isStopping) supervisor = start([join('apps', 'cli', 'bin', 'tollbook.js'), 'start'], 'inherit');
  });
}

async function stop(exitCode) {
  if (isStopping) return;
  isStopping = true;
  // The launcher of TypeScript 7 leaves its native child behind, so the whole group is ended.
  if (isAlive(compiler)) process.kill(-compiler.pid, 'SIGTERM');
  await restarts;
  await stopSupervisor();
  process.exit(exitCode);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(0));
compiler.on('exit', () => stop(1));
createInterface({ input: compiler.stdout }).on('line', (line) => {
  console.log(line);
  if (line.includes('Found 0 errors. Watching')) requestRestart();
});
