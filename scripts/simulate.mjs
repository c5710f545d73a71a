/**
 * Plays the simulator as often as it is asked to: `npm run test:sim -- --seeds 2000`, from another seed with
 * `--from 5000`, one seed alone with `--seed 17`, or every planted bug with `--mutants`. Scripts that found something
 * are played first, and new ones are kept beside them.
 */
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    mutants: { type: 'boolean', default: false },
  },
});
for (const name of ['seeds', 'from', 'seed']) {
  if (values[name] === undefined || /^[1-9]\d{0,8}$/.test(values[name])) continue;
  console.error(`--${name} takes a number from 1 on, not "${values[name]}".`);
  process.exit(2);
}
const env = {
  ...process.env,
  SIM_SEEDS: values.seed === undefined ? values.seeds : '1',
  SIM_FROM: values.seed ?? values.from,
  ...(values.mutants ? { SIM_MUTANTS: '1' } : {}),
};
const file = 'libs/testing/src/simulation/simulation.int.test.ts';
const args = ['node_modules/vitest/vitest.mjs', 'run', file, '--project=integration', '--disableConsoleIntercept=true'];
const child = spawn(process.execPath, args, { env, stdio: 'inherit' });
child.on('exit', (code) => process.exit(code ?? 1));
