import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { guardProcess } from './guard-process.js';

it('kills the guarded process when the pipe of its parent closes', async () => {
  const guarded = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1_000)'], { stdio: 'ignore' });
  const ended = once(guarded, 'exit');
  const guard = guardProcess(guarded.pid ?? 0);
  guard.stdin?.end();
  expect(await ended).toEqual([null, 'SIGKILL']);
});
