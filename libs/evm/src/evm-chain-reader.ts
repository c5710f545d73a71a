import { type ChainReader, ChainStateMissing, ChainUnavailable } from '@tollbook/usecases';
import { type EvmRpc, resultOf } from './evm-rpc.js';
import { isStateMissing } from './evm-rpc-error.js';
import { createRangeReader } from './range-reader.js';
import { readAuthorizationFate } from './read-authorization-fate.js';
import { readAll, readHeaders } from './read-headers.js';
import { createTransferReader } from './read-transfers.js';
import { readField, readHeader, readHex, readInteger, readQuantity, readWord } from './rpc-value.js';
import { encodeWords, selectors } from './token-abi.js';

/** A node's chain behind the port. Holds no chain state: only what the provider takes at once is remembered. */
export function createEvmChainReader({ network, rpc }: { network: string; rpc: EvmRpc }): ChainReader {
  const ranges = createRangeReader(rpc);
  const readTransfers = createTransferReader(rpc);
  const nonsense = (what: string) => new ChainUnavailable(network, `${what}: the answer makes no sense`);

  return {
    network,
    async chainId() {
      const chainId = readInteger(await rpc.request('eth_chainId', []));
      if (chainId === undefined) throw nonsense('eth_chainId');
      return chainId;
    },
    async head() {
      const outcomes = await rpc.batch(
        ['latest', 'finalized'].map((tag) => ({ method: 'eth_getBlockByNumber', params: [tag, false] })),
      );
      const [head, final] = outcomes.map((outcome) => readHeader(resultOf(network, 'head', outcome)));
      if (!head || !final || final.number > head.number) throw nonsense('head');
      return { head, final };
    },
    async safe() {
      const answer = await rpc.request('eth_getBlockByNumber', ['safe', false]);
      if (answer === null) return null;
      const header = readHeader(answer);
      if (!header) throw nonsense('safe');
      return header;
    },
    async hasCode(address) {
      const code = readHex(await rpc.request('eth_getCode', [address, 'latest']));
      if (code === undefined) throw nonsense('eth_getCode');
      return code !== '0x';
    },
    headers: (numbers) => readHeaders(rpc, numbers),
    async transfers(query) {
      const { items, end } = await ranges[query.mayEndEarly ? 'first' : 'whole'](
        query.fromNumber,
        query.toNumber,
        (fromNumber, toNumber) => readTransfers(query, fromNumber, toNumber),
      );
      return { transfers: items, end };
    },
    async balanceAt(contract, wallet, blockHash) {
      const data = encodeWords(selectors.balanceOf, wallet);
      const answer = await rpc.request('eth_call', callAt(contract, data, blockHash)).catch((error: unknown) => {
        if (!isStateMissing(error)) throw error;
        throw new ChainStateMissing(network, 'no node keeps the state of this block', { cause: error });
      });
      const balance = readWord(answer);
      if (balance === undefined) throw nonsense('balanceOf');
      return balance;
    },
    async nonceStates(contract, authorizations, blockHash) {
      const calls = authorizations.map(({ payer, nonce }) => ({
        method: 'eth_call',
        params: callAt(contract, encodeWords(selectors.authorizationState, payer, nonce), blockHash),
      }));
      const words = (await readAll(rpc, calls)).map(readWord);
      return authorizations.map(({ payer, nonce }, index) => {
        const state = words[index];
        if (state === undefined || state > 1n) throw nonsense('authorizationState');
        return { payer, nonce, isUsed: state === 1n };
      });
    },
    authorizationFate: (contract, authorization, fromNumber, toNumber) =>
      readAuthorizationFate({ rpc, ranges, contract, authorization, fromNumber, toNumber }),
    async receipt(txHash) {
      const answer = await rpc.request('eth_getTransactionReceipt', [txHash]);
      if (answer === null || readField(answer, 'blockHash') === null) return null;
      const status = readQuantity(readField(answer, 'status'));
      const blockNumber = readQuantity(readField(answer, 'blockNumber'));
      const blockHash = readHex(readField(answer, 'blockHash'), 32);
      const isOurs = readHex(readField(answer, 'transactionHash'), 32) === txHash.toLowerCase();
      if (status === undefined || status > 1n || blockNumber === undefined || !blockHash || !isOurs) {
        throw nonsense('eth_getTransactionReceipt');
      }
      return { isSuccess: status === 1n, blockNumber, blockHash };
    },
  };
}

/** A call at a block by hash (EIP-1898): a node on another fork refuses it instead of answering from its own. */
function callAt(contract: string, data: string, blockHash: string): unknown[] {
  return [
    { to: contract, data },
    { blockHash, requireCanonical: true },
  ];
}
