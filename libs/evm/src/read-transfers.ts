import type { BlockHeader, Transfer } from '@tollbook/domain';
import { ChainUnavailable, type TransferQuery } from '@tollbook/usecases';
import type { ChainLog } from './chain-log.js';
import { decodeTransfers, type TransferLog } from './decode-transfers.js';
import type { EvmRpc } from './evm-rpc.js';
import type { RangePart } from './range-walk.js';
import { readHeaders } from './read-headers.js';
import { type LogFilter, type ProvenLogs, readLogs } from './read-logs.js';
import { addressOfTopic, eventTopics, word } from './token-abi.js';

/** Geth takes 1,000 values a topic, and proxies cut large bodies. */
const topicValuesMax = 200;

/**
 * Blocks below the end of a range whose logs are compared with a header read afterwards: near the head a reorg may
 * come between two answers, far below it a header each would cost a call per block.
 */
const recheckedBlocks = 64n;

/**
 * Transfers of a part, by block and position, each with the authorization it carried out. One round trip without any,
 * two with some, and more only for times that logs do not tell.
 */
export async function readTransfers(
  rpc: EvmRpc,
  query: TransferQuery,
  fromNumber: bigint,
  toNumber: bigint,
): Promise<RangePart<Transfer>> {
  const first = await readLogs(rpc, { fromNumber, toNumber, filters: transferFilters(query) });
  const found = decodeTransfers(rpc.network, first.logs, query);
  const lowest = found[0]?.log.blockNumber;
  const highest = found.at(-1)?.log.blockNumber;
  if (lowest === undefined || highest === undefined) return { items: [], end: first.end };

  const second = await readLogs(rpc, {
    fromNumber: lowest,
    toNumber: highest,
    filters: authorizationFilters(query, found),
    headerNumbers: distinctBlocks(found.filter(({ log }) => log.blockNumber > toNumber - recheckedBlocks)),
    knownHashes: new Map(found.map(({ log }) => [log.blockNumber, log.blockHash])),
  });
  const headers = await withMissingTimes(rpc, found, second.headers);
  const nonces = noncesByPlace(second);
  const items = found.map((each) => {
    const { log } = each;
    const header = headers.get(log.blockNumber);
    if (header && header.hash !== log.blockHash) {
      throw new ChainUnavailable(rpc.network, `block ${log.blockNumber} changed while it was read`);
    }
    return toTransfer(rpc.network, each, header, nonces.get(placeOf(log, log.logIndex - 1)));
  });
  return { items, end: first.end };
}

function transferFilters({ contracts, wallets }: TransferQuery): LogFilter[] {
  if (contracts.length === 0) return [];
  return chunks(wallets).flatMap((part) => {
    const topics = part.map(topicOf);
    return [
      { contracts, topics: [eventTopics.transfer, null, topics] },
      { contracts, topics: [eventTopics.transfer, topics] },
    ];
  });
}

function authorizationFilters({ contracts }: TransferQuery, found: readonly TransferLog[]): LogFilter[] {
  const payers = [...new Set(found.map(({ from }) => from))];
  return chunks(payers).map((part) => ({ contracts, topics: [eventTopics.authorizationUsed, part.map(topicOf)] }));
}

type UsedNonce = { readonly authorizer: string; readonly nonce: string; readonly log: ChainLog };

/** EIP-3009 tokens emit AuthorizationUsed directly before its Transfer, so a nonce is found at the index before. */
function noncesByPlace({ logs }: ProvenLogs): Map<string, UsedNonce> {
  const nonces = new Map<string, UsedNonce>();
  for (const log of logs) {
    const [topic, authorizerTopic = '', nonce] = log.topics;
    const authorizer = addressOfTopic(authorizerTopic);
    if (topic !== eventTopics.authorizationUsed || authorizer === undefined || nonce === undefined) continue;
    nonces.set(placeOf(log, log.logIndex), { authorizer, nonce, log });
  }
  return nonces;
}

async function withMissingTimes(
  rpc: EvmRpc,
  found: readonly TransferLog[],
  known: ReadonlyMap<bigint, BlockHeader>,
): Promise<ReadonlyMap<bigint, BlockHeader>> {
  const timeless = found.filter(({ log }) => log.blockTimeUnixSeconds === null && !known.has(log.blockNumber));
  const headers = new Map(known);
  for (const header of await readHeaders(rpc, distinctBlocks(timeless))) {
    if (header) headers.set(header.number, header);
  }
  return headers;
}

function toTransfer(
  network: string,
  { log, from, to, amountAtomic }: TransferLog,
  header: BlockHeader | undefined,
  used: UsedNonce | undefined,
): Transfer {
  const blockTimeUnixSeconds = header?.timeUnixSeconds ?? log.blockTimeUnixSeconds;
  if (blockTimeUnixSeconds === null) throw new ChainUnavailable(network, `the node has no block ${log.blockNumber}`);
  const isCarriedOut =
    used?.authorizer === from && used.log.txHash === log.txHash && used.log.contract === log.contract;
  return {
    network,
    blockNumber: log.blockNumber,
    blockHash: log.blockHash,
    blockTimeUnixSeconds,
    txHash: log.txHash,
    position: log.logIndex,
    contract: log.contract,
    from,
    to,
    amountAtomic,
    authorizationNonce: used !== undefined && isCarriedOut ? used.nonce : null,
  };
}

/** A log's place in the chain: its block by hash, so that two forks never mix. */
function placeOf(log: ChainLog, logIndex: number): string {
  return `${log.blockHash}/${logIndex}`;
}

function distinctBlocks(found: readonly TransferLog[]): bigint[] {
  return [...new Set(found.map(({ log }) => log.blockNumber))];
}

function topicOf(address: string): string {
  return `0x${word(address)}`;
}

function chunks(values: readonly string[]): string[][] {
  const parts: string[][] = [];
  for (let from = 0; from < values.length; from += topicValuesMax) {
    parts.push(values.slice(from, from + topicValuesMax));
  }
  return parts;
}
