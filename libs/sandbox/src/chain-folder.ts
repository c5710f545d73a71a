import { join } from 'node:path';

/** Where a data folder keeps the sandbox chain. */
export interface ChainFolder {
  path: string;
  /** The last saved chain, gzip of anvil's own dump. */
  dump: string;
  /** The same unpacked, only while anvil loads it. */
  unpacked: string;
  highWater: string;
  nodeRecord: string;
}

/** The sandbox chain's files under `<dataDir>/sandbox`. */
export function chainFolder(dataDir: string): ChainFolder {
  const path = join(dataDir, 'sandbox');
  return {
    path,
    dump: join(path, 'chain.json.gz'),
    unpacked: join(path, 'chain.loading.json'),
    highWater: join(path, 'high-water.json'),
    nodeRecord: join(path, 'anvil.json'),
  };
}
