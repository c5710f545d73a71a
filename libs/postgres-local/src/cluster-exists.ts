import { existsSync } from 'node:fs';
import path from 'node:path';

/** Says whether the folder holds a finished PostgreSQL cluster (initdb output is only ever moved there whole). */
export function clusterExists(clusterDir: string): boolean {
  return existsSync(path.join(clusterDir, 'PG_VERSION'));
}
