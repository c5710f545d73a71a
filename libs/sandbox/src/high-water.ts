import { readFile } from 'node:fs/promises';
import { parseFields } from './rpc-values.js';
import { writeFileAtomic } from './write-file-atomic.js';

/** The highest block anybody may have seen; `isClean` when the saved chain is known to hold it. */
export interface HighWater {
  blockNumber: number;
  isClean: boolean;
}

/** Reads the mark, or null when none was ever written. */
export async function readHighWater(path: string): Promise<HighWater | null> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  const { blockNumber, isClean } = parseFields(JSON.parse(text));
  if (typeof blockNumber !== 'number' || !Number.isSafeInteger(blockNumber)) {
    throw new TypeError(`${path} holds no block number`);
  }
  return { blockNumber, isClean: isClean === true };
}

/** Saves the mark: before its block is mined, so that no crash can leave a seen block above it. */
export async function writeHighWater(path: string, mark: HighWater): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify(mark)}\n`);
}
