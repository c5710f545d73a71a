import { readField, readHex, readInteger, readQuantity } from './rpc-value.js';

/** One log of a mined block. Hex is lower-case. */
export type ChainLog = {
  readonly contract: string;
  readonly topics: readonly string[];
  readonly data: string;
  readonly blockNumber: bigint;
  readonly blockHash: string;
  readonly txHash: string;
  readonly logIndex: number;
  /** Null where the node does not tell; then it stands in the block's header. */
  readonly blockTimeUnixSeconds: number | null;
};

export type ChainLogReading =
  | { readonly kind: 'log'; readonly log: ChainLog }
  /** Taken back by a reorg, or not mined yet: no fact of the chain. */
  | { readonly kind: 'not_canonical' }
  | { readonly kind: 'malformed' };

/** Reads one entry of an eth_getLogs answer. */
export function readChainLog(value: unknown): ChainLogReading {
  const blockHashField = readField(value, 'blockHash');
  if (readField(value, 'removed') === true || blockHashField === null) return { kind: 'not_canonical' };
  const contract = readHex(readField(value, 'address'), 20);
  const topics = readTopics(readField(value, 'topics'));
  const data = readHex(readField(value, 'data'));
  const blockNumber = readQuantity(readField(value, 'blockNumber'));
  const blockHash = readHex(blockHashField, 32);
  const txHash = readHex(readField(value, 'transactionHash'), 32);
  const logIndex = readInteger(readField(value, 'logIndex'));
  if (contract === undefined || topics === undefined || data === undefined || blockNumber === undefined) {
    return { kind: 'malformed' };
  }
  if (blockHash === undefined || txHash === undefined || logIndex === undefined) return { kind: 'malformed' };
  const blockTimeUnixSeconds = readInteger(readField(value, 'blockTimestamp')) ?? null;
  return {
    kind: 'log',
    log: { contract, topics, data, blockNumber, blockHash, txHash, logIndex, blockTimeUnixSeconds },
  };
}

function readTopics(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const topics: string[] = [];
  for (const each of value) {
    const topic = readHex(each, 32);
    if (topic === undefined) return undefined;
    topics.push(topic);
  }
  return topics;
}
