import { eventTopics } from '../src/token-abi.js';
import { type ScriptedCall, ScriptedError, type ScriptedNode, scriptedNode } from './scripted-node.js';

/** A log as a node writes it; tests override single fields. */
export type RawLog = Record<string, unknown> & { readonly blockNumber: string; readonly blockHash: string | null };

export const usdc = '0x036cbd53842c5426634e7929541ec2318f3dcf7e';
export const wallet = '0x00000000000000000000000000000000000000aa';
export const payer = '0x00000000000000000000000000000000000000bb';

export const topicOfAddress = (address: string) => `0x${address.slice(2).padStart(64, '0')}`;
export const hashOf = (seed: number | bigint, kind = 'b1') => `0x${kind}${seed.toString(16).padStart(62, '0')}`;
export const timeOf = (blockNumber: number) => 1_700_000_000 + 2 * blockNumber;

/** A Transfer of 10,000 atomic units from `payer` to `wallet`, the only log but one of its block. */
export function transferLog(block: number, overrides: Record<string, unknown> = {}): RawLog {
  return {
    address: usdc,
    topics: [eventTopics.transfer, topicOfAddress(payer), topicOfAddress(wallet)],
    data: `0x${(10_000).toString(16).padStart(64, '0')}`,
    blockNumber: `0x${block.toString(16)}`,
    blockHash: hashOf(block),
    blockTimestamp: `0x${timeOf(block).toString(16)}`,
    transactionHash: hashOf(block, '7a'),
    logIndex: '0x1',
    removed: false,
    ...overrides,
  };
}

/** The AuthorizationUsed that stands right before that Transfer. */
export function usedLog(block: number, nonce: string, overrides: Record<string, unknown> = {}): RawLog {
  const topics = [eventTopics.authorizationUsed, topicOfAddress(payer), nonce];
  return transferLog(block, { topics, data: '0x', logIndex: '0x0', ...overrides });
}

export type ScriptedChain = {
  readonly headNumber: number;
  readonly logs: readonly RawLog[];
  /** Overrides of headers by number, or null for a block that the node lacks. */
  readonly headers?: Readonly<Record<number, Record<string, unknown> | null>>;
  /** More blocks in a range than this are refused, in these words. */
  readonly rangeMax?: { readonly blocks: number; readonly error: ScriptedError };
};

/** A node whose logs and headers are data. It ignores addresses and topics beyond the first, as bad nodes do. */
export function scriptedChain(chain: ScriptedChain): ScriptedNode {
  return scriptedNode((call) => answer(chain, call));
}

function answer(chain: ScriptedChain, { method, params }: ScriptedCall): unknown {
  if (method === 'eth_getBlockByNumber') return header(chain, params[0]);
  if (method !== 'eth_getLogs') return new ScriptedError(-32601, `no ${method} here`);
  const filter = Object(params[0]);
  const from = Number(filter.fromBlock);
  const to = Number(filter.toBlock);
  if (chain.rangeMax && to - from + 1 > chain.rangeMax.blocks) return chain.rangeMax.error;
  const wanted = String(filter.topics[0]);
  return chain.logs.filter(({ blockNumber, topics }) => {
    const topic = Array.isArray(topics) ? String(topics[0]) : '';
    return wanted.includes(topic) && Number(blockNumber) >= from && Number(blockNumber) <= to;
  });
}

function header(chain: ScriptedChain, tag: unknown): unknown {
  const number = tag === 'latest' ? chain.headNumber : tag === 'finalized' ? 0 : Number(tag);
  const override = chain.headers?.[number];
  if (number > chain.headNumber || override === null) return null;
  return {
    number: `0x${number.toString(16)}`,
    hash: hashOf(number),
    parentHash: number === 0 ? hashOf(0, '00') : hashOf(number - 1),
    timestamp: `0x${timeOf(number).toString(16)}`,
    ...override,
  };
}
