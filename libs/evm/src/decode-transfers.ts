import { ChainUnavailable, type TransferQuery } from '@tollbook/usecases';
import type { ChainLog } from './chain-log.js';
import { addressOfTopic, eventTopics } from './token-abi.js';

/** A token movement as its log tells it. */
export type TransferLog = {
  readonly log: ChainLog;
  readonly from: string;
  readonly to: string;
  readonly amountAtomic: bigint;
};

/**
 * Transfers of the watched contracts and wallets among logs, each once, by block and position. Drops what was not asked
 * for: a node may ignore filters, and other tokens share the event (ERC-721 has four topics). Throws `ChainUnavailable`
 * when one place holds two different logs.
 */
export function decodeTransfers(network: string, logs: readonly ChainLog[], query: TransferQuery): TransferLog[] {
  const contracts = new Set(query.contracts.map((contract) => contract.toLowerCase()));
  const wallets = new Set(query.wallets.map((wallet) => wallet.toLowerCase()));
  const byPlace = new Map<string, TransferLog>();
  for (const log of logs) {
    if (!contracts.has(log.contract)) continue;
    const transfer = decodeTransfer(log);
    if (!transfer || !(wallets.has(transfer.from) || wallets.has(transfer.to))) continue;
    const place = `${log.blockHash}/${log.logIndex}`;
    const earlier = byPlace.get(place);
    if (earlier && !isSameFact(earlier, transfer)) {
      throw new ChainUnavailable(network, 'eth_getLogs: two different logs at one place');
    }
    byPlace.set(place, transfer);
  }
  return [...byPlace.values()].sort((a, b) => Number(a.log.blockNumber - b.log.blockNumber) || positionOrder(a, b));
}

function decodeTransfer(log: ChainLog): TransferLog | undefined {
  const [topic, fromTopic = '', toTopic = ''] = log.topics;
  if (topic !== eventTopics.transfer || log.topics.length !== 3 || log.data.length !== 66) return undefined;
  const from = addressOfTopic(fromTopic);
  const to = addressOfTopic(toTopic);
  if (from === undefined || to === undefined) return undefined;
  return { log, from, to, amountAtomic: BigInt(log.data) };
}

function isSameFact(a: TransferLog, b: TransferLog): boolean {
  return (
    a.from === b.from &&
    a.to === b.to &&
    a.amountAtomic === b.amountAtomic &&
    a.log.txHash === b.log.txHash &&
    a.log.contract === b.log.contract
  );
}

function positionOrder(a: TransferLog, b: TransferLog): number {
  return a.log.logIndex - b.log.logIndex;
}
