import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CliError } from './cli-error.js';

/** The programs that the supervisor runs as processes of their own. */
export const programFiles = {
  reaper: fileURLToPath(import.meta.resolve('./reaper.js')),
  sandbox: fileURLToPath(import.meta.resolve('./sandbox-process.js')),
  api: fileURLToPath(new URL('../../api/dist/main.js', import.meta.url)),
  worker: fileURLToPath(new URL('../../worker/dist/main.js', import.meta.url)),
} as const;

/**
 * What Node is told besides. The gate makes much that lives for one request, and nothing that lasts: V8 would then
 * shrink the space for it to a few hundred requests, and collect it all the time. Dockerfile and compose file say the same.
 */
export const nodeFlags: { readonly [program in keyof typeof programFiles]?: readonly string[] } = {
  api: ['--min-semi-space-size=32', '--max-semi-space-size=32'],
};

/** Throws a CliError when one of them was not built. */
export function requireProgramFiles(): void {
  for (const [name, file] of Object.entries(programFiles)) {
    if (!existsSync(file))
      throw new CliError(`The ${name} is not built yet: run \`npm run build\` (or \`npm start\`).`);
  }
}
