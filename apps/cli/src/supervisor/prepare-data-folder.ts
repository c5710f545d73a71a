import { accessSync, chmodSync, constants, lstatSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { CliError } from '../cli-error.js';
import { reasonOf } from '../explain-error.js';

const ownOnly = 0o700;
/** Others may pass through, which PostgreSQL's account has to, and read nothing. */
const passable = 0o711;
const passBits = 0o111;

/** Makes the data folder; as root, one that the unprivileged account of PostgreSQL can pass through. */
export function prepareDataFolder(dataDir: string, userId = process.getuid?.()): void {
  const isRoot = userId === 0;
  try {
    const outermostMade = mkdirSync(dataDir, { recursive: true, mode: isRoot ? passable : ownOnly });
    if (isRoot) {
      // The umask may have taken the bits away. Older parents are the operator's business, the folder itself is ours.
      const last = outermostMade ?? dataDir;
      for (let made = dataDir; made.length >= last.length; made = dirname(made)) letPass(made);
    }
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new CliError(
      `The data folder ${dataDir} cannot be used (${reasonOf(cause)}). ` +
        'Set TOLLBOOK_DATA_DIR to a folder that you can write to.',
    );
  }
}

function letPass(folder: string): void {
  const mode = lstatSync(folder).mode & 0o7777;
  if ((mode & passBits) !== passBits) chmodSync(folder, mode | passBits);
}
