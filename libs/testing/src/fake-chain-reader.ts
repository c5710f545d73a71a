import type { BlockHeader } from '@tollbook/domain';
import { type ChainReader, ChainUnavailable } from '@tollbook/usecases';
import type { FakeBlock, FakeChain } from './fake-chain.js';

/** How a node misbehaves; changed at any time. */
export type NodeFaults = {
  /** Its head is this much below the chain's. */
  blocksBehind?: number;
  /** It proves that it has the range, and leaves out its logs. */
  dropsLogs?: boolean;
  /** Runs before each call: throw for a node that fails, or change the chain for one that answers from two forks. */
  beforeCall?: (method: Exclude<keyof ChainReader, 'network'>) => void;
};

/** A node of a `FakeChain`, honest unless `faults` say otherwise. */
export function fakeChainReader(chain: FakeChain, faults: NodeFaults = {}): ChainReader {
  const { network } = chain;
  const head = (): BlockHeader => {
    const number = chain.head.number - BigInt(faults.blocksBehind ?? 0);
    return (chain.at(number < 0n ? 0n : number) ?? { header: chain.head }).header;
  };
  const blockAt = (number: bigint) => (number <= head().number ? chain.at(number) : undefined);
  /** The state at a block is told by who has the block on its fork only. */
  const stateAt = (blockHash: string): readonly FakeBlock[] => {
    const blocks = [...chain.upTo(blockHash)];
    const [block] = blocks;
    if (!block || block.header.number > head().number) throw new ChainUnavailable(network, 'header not found');
    return blocks;
  };
  const range = (fromNumber: bigint, toNumber: bigint) => {
    const end = blockAt(toNumber);
    if (!end) throw new ChainUnavailable(network, 'the range ends above the head');
    return [...chain.upTo(end.header.hash)].filter(({ header }) => header.number >= fromNumber).reverse();
  };
  const answer = async <T>(method: Exclude<keyof ChainReader, 'network'>, read: () => T): Promise<T> => {
    faults.beforeCall?.(method);
    return read();
  };
  return {
    network,
    chainId: () => answer('chainId', () => Number(network.split(':')[1])),
    head: () =>
      answer('head', () => ({ head: head(), final: chain.final.number < head().number ? chain.final : head() })),
    safe: () => answer('safe', () => (chain.safe.number < head().number ? chain.safe : head())),
    hasCode: (address) => answer('hasCode', () => chain.hasCode(address)),
    headers: (numbers) => answer('headers', () => numbers.map((number) => blockAt(number)?.header ?? null)),
    transfers: ({ fromNumber, toNumber, contracts, wallets, after }) =>
      answer('transfers', () => {
        const blocks = range(fromNumber, toNumber);
        const isNext = after === undefined || blockAt(after.number)?.header.hash === after.hash;
        if (!isNext) throw new ChainUnavailable(network, 'the range follows on another block');
        const end = blocks[blocks.length - 1]?.header ?? chain.head;
        const told = faults.dropsLogs ? [] : blocks.flatMap((block) => block.transfers);
        const found = told.filter(({ contract }) => contracts.includes(contract));
        return { transfers: found.filter(({ from, to }) => wallets.includes(from) || wallets.includes(to)), end };
      }),
    balanceAt: (contract, wallet, blockHash) =>
      answer('balanceAt', () => {
        const moved = stateAt(blockHash).flatMap((block) => block.transfers);
        return moved.reduce((sum, { from, to, amountAtomic, contract: token }) => {
          if (token !== contract || from === to) return sum;
          return sum + (to === wallet ? amountAtomic : 0n) - (from === wallet ? amountAtomic : 0n);
        }, 0n);
      }),
    nonceStates: (_contract, authorizations, blockHash) =>
      answer('nonceStates', () => {
        const spent = stateAt(blockHash).flatMap((block) => block.spent);
        return authorizations.map(({ payer, nonce }) => ({
          payer,
          nonce,
          isUsed: spent.some((each) => each.payer === payer && each.nonce === nonce),
        }));
      }),
    authorizationFate: (_contract, { payer, nonce }, fromNumber, toNumber) =>
      answer('authorizationFate', () => {
        for (const { header, spent } of range(fromNumber, toNumber)) {
          const fate = spent.find((each) => each.payer === payer && each.nonce === nonce);
          if (fate) return { kind: fate.kind, txHash: fate.txHash, blockNumber: header.number };
        }
        return null;
      }),
    receipt: (txHash) =>
      answer('receipt', () => {
        for (const { header, txs } of range(0n, head().number)) {
          const found = txs.find(({ tx }) => tx.txHash === txHash);
          if (found) return { isSuccess: found.isSuccess, blockNumber: header.number, blockHash: header.hash };
        }
        return null;
      }),
  };
}
