import { assert, type BlockHeader } from '@tollbook/domain';
import { ChainUnavailable } from '@tollbook/usecases';
import { type ChainLog, readChainLog } from './chain-log.js';
import { type EvmRpc, resultOf } from './evm-rpc.js';
import { readHeader, toQuantity } from './rpc-value.js';

export type LogFilter = {
  readonly contracts: readonly string[];
  readonly topics: readonly (string | readonly string[] | null)[];
};

export type LogQuery = {
  readonly fromNumber: bigint;
  readonly toNumber: bigint;
  readonly filters: readonly LogFilter[];
  /** Blocks whose headers are wanted from the same answer, beside the last one's. */
  readonly headerNumbers?: readonly bigint[];
  /** Hashes of blocks as an earlier answer told them. */
  readonly knownHashes?: ReadonlyMap<bigint, string>;
};

export type ProvenLogs = {
  readonly logs: readonly ChainLog[];
  readonly end: BlockHeader;
  readonly headers: ReadonlyMap<bigint, BlockHeader>;
};

/**
 * Mined logs of a range, in one HTTP body with the header of its last block, so that an empty answer comes from a node
 * that has the range. Throws `ChainUnavailable` when that header is missing, when a log lies outside the range, or when
 * a log and a header disagree about a block: then the chain moved between the two, or two nodes answered.
 */
export async function readLogs(rpc: EvmRpc, query: LogQuery): Promise<ProvenLogs> {
  const { fromNumber, toNumber, filters } = query;
  const headerNumbers = [...new Set([toNumber, ...(query.headerNumbers ?? [])])];
  const outcomes = await rpc.batch([
    ...headerNumbers.map((number) => ({ method: 'eth_getBlockByNumber', params: [toQuantity(number), false] })),
    ...filters.map(({ contracts, topics }) => ({
      method: 'eth_getLogs',
      params: [{ fromBlock: toQuantity(fromNumber), toBlock: toQuantity(toNumber), address: contracts, topics }],
    })),
  ]);
  // Logs first: of several errors the one about the range tells the caller what to do.
  const logs = outcomes.slice(headerNumbers.length).flatMap((outcome) => {
    return readLogList(rpc.network, query, resultOf(rpc.network, 'eth_getLogs', outcome));
  });
  const headers = new Map<bigint, BlockHeader>();
  for (const [index, number] of headerNumbers.entries()) {
    const header = readHeader(resultOf(rpc.network, 'eth_getBlockByNumber', outcomes[index]));
    if (header?.number !== number) throw new ChainUnavailable(rpc.network, `the node has no block ${number}`);
    headers.set(number, header);
  }
  const hashes = new Map(query.knownHashes);
  for (const header of headers.values()) noteHash(rpc.network, hashes, header.number, header.hash);
  for (const log of logs) noteHash(rpc.network, hashes, log.blockNumber, log.blockHash);
  const end = headers.get(toNumber);
  assert(end !== undefined, 'the last header was read');
  return { logs, end, headers };
}

function noteHash(network: string, hashes: Map<bigint, string>, number: bigint, hash: string): void {
  if ((hashes.get(number) ?? hash) !== hash) {
    throw new ChainUnavailable(network, `block ${number} changed while it was read`);
  }
  hashes.set(number, hash);
}

function readLogList(network: string, query: LogQuery, value: unknown): ChainLog[] {
  if (!Array.isArray(value)) throw new ChainUnavailable(network, 'eth_getLogs: the answer is no list');
  const logs: ChainLog[] = [];
  for (const each of value) {
    const reading = readChainLog(each);
    if (reading.kind === 'malformed') throw new ChainUnavailable(network, 'eth_getLogs: a log is malformed');
    if (reading.kind === 'not_canonical') continue;
    const { log } = reading;
    if (log.blockNumber < query.fromNumber || log.blockNumber > query.toNumber) {
      throw new ChainUnavailable(network, 'eth_getLogs: a log lies outside the range');
    }
    logs.push(log);
  }
  return logs;
}
