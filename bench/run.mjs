// npm run bench -- [name…]: runs the named benchmarks, or all. Each prints ratios of one interleaved run.
import { readdirSync } from 'node:fs';

const here = new URL('./', import.meta.url);
const all = readdirSync(here)
  .filter((name) => name.endsWith('.bench.mjs'))
  .map((name) => name.replace('.bench.mjs', ''));
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`no such benchmark: ${unknown.join(', ')}. There are: ${all.join(', ')}`);
  process.exit(2);
}
for (const name of wanted.length > 0 ? wanted : all) {
  const { run } = await import(new URL(`${name}.bench.mjs`, here));
  console.log(`\n# ${name}`);
  await run();
}
