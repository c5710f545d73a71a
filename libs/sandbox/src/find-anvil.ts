import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { SandboxUnavailableError } from './sandbox-unavailable-error.js';

const PACKAGED_ANVIL = '@foundry-rs/anvil-linux-amd64/bin/anvil';

/** What an operator can do when no anvil runs on this machine. */
export const ANVIL_ADVICE =
  'The sandbox chain needs Linux x64 with glibc >= 2.35. Elsewhere set TOLLBOOK_ANVIL_PATH to an anvil of your own, ' +
  'or turn the sandbox off with TOLLBOOK_SANDBOX=off.';

/** Path of the anvil binary: the given one, else the packaged one; throws `SandboxUnavailableError` if unusable. */
export function findAnvil(anvilPath?: string): string {
  const path = anvilPath ?? packagedAnvil();
  try {
    accessSync(path, constants.X_OK);
  } catch (cause) {
    throw new SandboxUnavailableError(`No anvil that may be run is at ${path}. ${ANVIL_ADVICE}`, { cause });
  }
  return path;
}

function packagedAnvil(): string {
  try {
    return createRequire(import.meta.url).resolve(PACKAGED_ANVIL);
  } catch (cause) {
    throw new SandboxUnavailableError(`The anvil package is not installed. ${ANVIL_ADVICE}`, { cause });
  }
}
