// npm run bench -- [name…]: runs the named benchmarks, or all; `gate` runs `gate-paid` too. Each prints ratios of one
// interleaved run.
import { readdirSync } from 'node:fs';

const here = new URL('./', import.meta.url);
const all = readdirSync(here)
  .filter((name) => name.endsWith('.bench.mjs'))
  .map((name) => name.replace('.bench.mjs', ''));
const wanted = process.argv.slice(2);
const isNamed = (name, each) => name === each || name.startsWith(`${each}-`);
const unknown = wanted.filter((each) => !all.some((name) => isNamed(name, each)));
if (unknown.length > 0) {
  console.error(`no such benchmark: ${unknown.join(', ')}. There are: ${all.join(', ')}`);
  process.exit(2);
}
for (const name of all.filter((each) => wanted.length === 0 || wanted.some((part) => isNamed(each, part)))) {
  const { run } = await import(new URL(`${name}.bench.mjs`, here));
  console.log(`\n# ${name}`);
  // One that breaks off keeps no other from being run.
  await run().catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
}
