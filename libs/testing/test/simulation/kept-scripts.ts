import { readFileSync, writeFileSync } from 'node:fs';
import type { Finding } from './campaign.js';
import type { Script } from './script.js';

/** A script that found something once: it is played before any other, for ever. */
export type KeptScript = { readonly found: string; readonly script: Script };

const file = new URL('../../src/simulation/kept-scripts.json', import.meta.url);

export function keptScripts(): readonly KeptScript[] {
  return JSON.parse(readFileSync(file, 'utf8')) as KeptScript[];
}

/** Keeps what was found, each script once. */
export function keepScripts(findings: readonly Finding[]): void {
  const kept = keptScripts();
  const known = new Set(kept.map(({ script }) => JSON.stringify(script)));
  const fresh = findings.filter(({ script }) => !known.has(JSON.stringify(script)));
  if (fresh.length === 0) return;
  const added = fresh.map(({ script, violations }): KeptScript => {
    return { found: violations[0]?.invariant ?? 'nothing', script };
  });
  writeFileSync(file, `${JSON.stringify([...kept, ...added], null, 2)}\n`);
}
