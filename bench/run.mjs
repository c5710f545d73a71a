// npm run bench -- [name…]: runs the named benchmarks, or all. `gate` runs `gate-paid` and its like too, `=gate` (or
// `gate.bench`) that one alone. Each prints ratios of one interleaved run.
import { readdirSync } from 'node:fs';
import { endOnSignals } from './on-end.mjs';

const here = new URL('./', import.meta.url);
const all = readdirSync(here)
  .filter((name) => name.endsWith('.bench.mjs'))
  .map((name) => name.replace('.bench.mjs', ''));
const wanted = process.argv.slice(2);
const isNamed = (name, each) => {
  const exact = each.startsWith('=') ? each.slice(1) : /^(.*)\.bench(?:\.mjs)?$/.exec(each)?.[1];
  return name === (exact ?? each) || (exact === undefined && name.startsWith(`${each}-`));
};
const unknown = wanted.filter((each) => !all.some((name) => isNamed(name, each)));
if (unknown.length > 0) {
  console.error(`no such benchmark: ${unknown.join(', ')}. There are: ${all.join(', ')}`);
  process.exit(2);
}
endOnSignals();
for (const name of all.filter((each) => wanted.length === 0 || wanted.some((part) => isNamed(each, part)))) {
  const { run } = await import(new URL(`${name}.bench.mjs`, here));
  console.log(`\n# ${name}`);
  // One that breaks off keeps no other from being run.
  await run().catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
}
