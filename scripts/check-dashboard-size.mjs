/**
 * Weighs what a browser loads, as it travels: gzip, in kB of 1000 bytes. The budgets are those of the design; the
 * first load is what stands on screen before any page's own part.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

const dist = resolve(import.meta.dirname, '../apps/dashboard/dist');
const entry = 'index.html';
const firstApp = 'src/mode-app.tsx';
const chart = 'src/features/overview/revenue-chart.tsx';
const budgetsKb = { 'first load, script': 240, 'first load, styles': 40, chart: 130, page: 70 };

/** The files behind a part of the manifest: its own, and those it cannot run without. */
export function filesOf(manifest, key, seen = new Set()) {
  if (seen.has(key)) return { scripts: new Set(), styles: new Set() };
  seen.add(key);
  const part = manifest[key];
  const scripts = new Set([part.file]);
  const styles = new Set(part.css ?? []);
  for (const each of part.imports ?? []) {
    const more = filesOf(manifest, each, seen);
    for (const file of more.scripts) scripts.add(file);
    for (const file of more.styles) styles.add(file);
  }
  return { scripts, styles };
}

const without = (files, others) => new Set([...files].filter((file) => !others.has(file)));

/** Every part with its weight and its budget. */
export function weigh(manifest, kbOf) {
  const sum = (files) => [...files].reduce((total, file) => total + kbOf(file), 0);
  const begin = filesOf(manifest, entry);
  const app = filesOf(manifest, firstApp);
  const scripts = new Set([...begin.scripts, ...app.scripts]);
  const styles = new Set([...begin.styles, ...app.styles]);
  const row = (name, kb, budget) => ({ name, kb, budgetKb: budgetsKb[budget] });
  const rows = [
    row('first load, script', sum(scripts), 'first load, script'),
    row('first load, styles', sum(styles), 'first load, styles'),
  ];
  for (const [key, part] of Object.entries(manifest)) {
    if (!part.isDynamicEntry || key === firstApp) continue;
    // What asks for a part is there before it: its page, where a page loads its chart later.
    const askers = Object.keys(manifest).filter((each) => manifest[each].dynamicImports?.includes(key));
    const there = new Set([...scripts, ...askers.flatMap((each) => [...filesOf(manifest, each).scripts])]);
    const own = sum(without(filesOf(manifest, key).scripts, there));
    rows.push(row(key.replace(/^src\/features\//, ''), own, key === chart ? 'chart' : 'page'));
  }
  return rows;
}

function main() {
  const path = join(dist, '.vite/manifest.json');
  if (!existsSync(path)) {
    console.error('check-dashboard-size: apps/dashboard/dist is missing; run npm run build');
    process.exitCode = 1;
    return;
  }
  const kbOf = (file) => gzipSync(readFileSync(join(dist, file))).length / 1_000;
  const rows = weigh(JSON.parse(readFileSync(path, 'utf8')), kbOf);
  const heavy = rows.filter(({ kb, budgetKb }) => kb > budgetKb);
  const isVerbose = process.argv.includes('--all');
  for (const { name, kb, budgetKb } of isVerbose ? rows : heavy) {
    console.log(`${kb > budgetKb ? 'TOO HEAVY ' : ''}${name}: ${kb.toFixed(1)} of ${budgetKb} kB`);
  }
  if (heavy.length > 0) process.exitCode = 1;
  else if (!isVerbose) {
    const [script, styles] = rows;
    console.log(
      `check-dashboard-size: first load ${script.kb.toFixed(1)} kB, styles ${styles.kb.toFixed(1)} kB, gzip.`,
    );
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
