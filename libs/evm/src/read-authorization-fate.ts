import { type AuthorizationFate, ChainUnavailable } from '@tollbook/usecases';
import type { EvmRpc } from './evm-rpc.js';
import type { RangeReader } from './range-reader.js';
import { readLogs } from './read-logs.js';
import { eventTopics, word } from './token-abi.js';

export type AuthorizationFateQuery = {
  readonly rpc: EvmRpc;
  readonly ranges: RangeReader;
  readonly contract: string;
  readonly authorization: { readonly payer: string; readonly nonce: string };
  readonly fromNumber: bigint;
  readonly toNumber: bigint;
};

/** The log that burnt a nonce, or null when the range holds none. A nonce burns once: two logs are nonsense. */
export async function readAuthorizationFate(query: AuthorizationFateQuery): Promise<AuthorizationFate | null> {
  const { rpc, ranges, fromNumber, toNumber } = query;
  const contract = query.contract.toLowerCase();
  const payerTopic = `0x${word(query.authorization.payer)}`;
  const nonceTopic = `0x${word(query.authorization.nonce)}`;
  const topics = [[eventTopics.authorizationUsed, eventTopics.authorizationCanceled], payerTopic, nonceTopic];
  const { items } = await ranges.whole(fromNumber, toNumber, async (from, to) => {
    const filters = [{ contracts: [contract], topics }];
    const { logs, end } = await readLogs(rpc, { fromNumber: from, toNumber: to, filters });
    return { items: logs, end };
  });
  const fates = new Map<string, AuthorizationFate>();
  for (const log of items) {
    const kind = fateKind(log.topics[0]);
    const isAsked = log.contract === contract && log.topics[1] === payerTopic && log.topics[2] === nonceTopic;
    if (!kind || !isAsked) continue;
    fates.set(`${log.blockHash}/${log.logIndex}`, { kind, txHash: log.txHash, blockNumber: log.blockNumber });
  }
  if (fates.size > 1) throw new ChainUnavailable(rpc.network, 'eth_getLogs: a nonce was burnt twice');
  return [...fates.values()][0] ?? null;
}

function fateKind(topic: string | undefined): AuthorizationFate['kind'] | undefined {
  if (topic === eventTopics.authorizationUsed) return 'used';
  return topic === eventTopics.authorizationCanceled ? 'canceled' : undefined;
}
