import { renameSync, writeFileSync } from 'node:fs';

const ownerOnly = 0o600;

/** Replaces a file whole, readable by its owner alone. For what is written anew after a crash: nothing is synced. */
export function writePrivateFile(file: string, text: string): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text, { mode: ownerOnly });
  renameSync(draft, file);
}
