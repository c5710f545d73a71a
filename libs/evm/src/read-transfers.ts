import type { BlockHeader, Transfer } from '@tollbook/domain';
import { ChainUnavailable, type TransferQuery } from '@tollbook/usecases';
import type { ChainLog } from './chain-log.js';
import { decodeTransfers, type TransferLog } from './decode-transfers.js';
import type { EvmRpc } from './evm-rpc.js';
import { readRangeRefusal } from './range-error.js';
import type { RangePart } from './range-reader.js';
import { readHeaders } from './read-headers.js';
import { type LogFilter, readLogs } from './read-logs.js';
import { addressOfTopic, eventTopics, word } from './token-abi.js';

/** Geth takes 1,000 values a topic, and proxies cut large bodies. */
const topicValuesMax = 200;

/**
 * Blocks below the end of a range whose logs are compared with a header read afterwards: near the head a reorg may
 * come between two answers, far below it a header each would cost a call per block.
 */
const recheckedBlocks = 64n;

type ReadTransfers = (query: TransferQuery, fromNumber: bigint, toNumber: bigint) => Promise<RangePart<Transfer>>;

/**
 * Reads transfers of a part, by block and position, each with the authorization it carried out. One round trip, another
 * where authorizations are looked for by who paid, and more only for times that logs do not tell. How long a list of
 * addresses the provider takes is remembered.
 */
export function createTransferReader(rpc: EvmRpc): ReadTransfers {
  let valuesMax = topicValuesMax;
  return async (query, fromNumber, toNumber) => {
    // Each refusal halves the lists, down to one address.
    for (;;) {
      try {
        return await readTransfers(rpc, query, fromNumber, toNumber, valuesMax);
      } catch (error) {
        if (valuesMax === 1 || readRangeRefusal(error)?.kind !== 'too_many_values') throw error;
        valuesMax = Math.ceil(valuesMax / 2);
      }
    }
  };
}

async function readTransfers(
  rpc: EvmRpc,
  query: TransferQuery,
  fromNumber: bigint,
  toNumber: bigint,
  valuesMax: number,
): Promise<RangePart<Transfer>> {
  const after = query.after?.number === fromNumber - 1n ? query.after : undefined;
  const first = await readLogs(rpc, {
    fromNumber,
    toNumber,
    filters: transferFilters(query, valuesMax),
    headerNumbers: after ? [after.number] : [],
  });
  if (after && first.headers.get(after.number)?.hash !== after.hash) {
    throw new ChainUnavailable(rpc.network, `block ${after.number} is another one than was read`);
  }
  const found = decodeTransfers(rpc.network, first.logs, query);
  const named = noncesByPlace(first.logs);
  const unnamed = found.filter(
    ({ log }) => !named.has(placeBefore(log)) && log.blockNumber >= (query.nonces?.allFrom ?? 0n),
  );
  const lowest = unnamed[0]?.log.blockNumber;
  const highest = unnamed.at(-1)?.log.blockNumber;
  const second =
    lowest === undefined || highest === undefined
      ? null
      : await readLogs(rpc, {
          fromNumber: lowest,
          toNumber: highest,
          filters: authorizationFilters(query, unnamed, valuesMax),
          headerNumbers: distinctBlocks(unnamed.filter(({ log }) => log.blockNumber > toNumber - recheckedBlocks)),
          knownHashes: new Map(found.map(({ log }) => [log.blockNumber, log.blockHash])),
        });
  const headers = await withMissingTimes(rpc, found, new Map([...first.headers, ...(second?.headers ?? [])]));
  const nonces = new Map([...named, ...noncesByPlace(second?.logs ?? [])]);
  const items = found.map((each) => {
    const { log } = each;
    const header = headers.get(log.blockNumber);
    if (header && header.hash !== log.blockHash) {
      throw new ChainUnavailable(rpc.network, `block ${log.blockNumber} changed while it was read`);
    }
    return toTransfer(rpc.network, each, header, nonces.get(placeBefore(log)));
  });
  return { items, end: first.end };
}

/** Recipients and open nonces stand at the same place of their events, so one filter finds both. */
function transferFilters({ contracts, wallets, nonces }: TransferQuery, valuesMax: number): LogFilter[] {
  if (contracts.length === 0 || wallets.length === 0) return [];
  const { transfer, authorizationUsed } = eventTopics;
  const recipients = wallets.map(topicOf);
  const open = nonces?.open ?? [];
  const events = open.length === 0 ? transfer : [transfer, authorizationUsed];
  return [
    ...chunks([...recipients, ...open], valuesMax).map((part) => ({ contracts, topics: [events, null, part] })),
    ...chunks(recipients, valuesMax).map((part) => ({ contracts, topics: [transfer, part] })),
  ];
}

function authorizationFilters(
  { contracts }: TransferQuery,
  found: readonly TransferLog[],
  valuesMax: number,
): LogFilter[] {
  const payers = [...new Set(found.map(({ from }) => topicOf(from)))];
  return chunks(payers, valuesMax).map((part) => ({ contracts, topics: [eventTopics.authorizationUsed, part] }));
}

type UsedNonce = { readonly authorizer: string; readonly nonce: string; readonly log: ChainLog };

/** EIP-3009 tokens emit AuthorizationUsed directly before its Transfer, so a nonce is found at the index before. */
function noncesByPlace(logs: readonly ChainLog[]): Map<string, UsedNonce> {
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

function placeBefore(log: ChainLog): string {
  return placeOf(log, log.logIndex - 1);
}

function distinctBlocks(found: readonly TransferLog[]): bigint[] {
  return [...new Set(found.map(({ log }) => log.blockNumber))];
}

function topicOf(address: string): string {
  return `0x${word(address)}`;
}

function chunks(values: readonly string[], valuesMax: number): string[][] {
  const parts: string[][] = [];
  for (let from = 0; from < values.length; from += valuesMax) parts.push(values.slice(from, from + valuesMax));
  return parts;
}
