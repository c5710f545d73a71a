import type { BlockHeader, Transfer } from '@tollbook/domain';

/** What a node says about its own height. */
export type ChainHead = { readonly head: BlockHeader; readonly final: BlockHeader };

export type TransferQuery = {
  readonly fromNumber: bigint;
  readonly toNumber: bigint;
  /** Token contracts; logs of others are never asked for and dropped if they come (A14). */
  readonly contracts: readonly string[];
  /** Watched wallets, as sender or as recipient. */
  readonly wallets: readonly string[];
  /** The block before the range as it is known: an answer that does not follow on it is not believed. */
  readonly after?: { readonly number: bigint; readonly hash: string };
  /** Whether as much as one question may hold is enough; then the header that comes with it says how far it was read. */
  readonly mayEndEarly?: boolean;
  /**
   * Authorizations are looked for by these nonces, which costs no question of its own, and from block `allFrom` on also
   * by who paid. Without it all of them are looked for.
   */
  readonly nonces?: { readonly open: readonly string[]; readonly allFrom: bigint };
};

/** A state that a node proved it has: answers carry the block they were read at. */
export type NonceState = { readonly payer: string; readonly nonce: string; readonly isUsed: boolean };

export type AuthorizationFate = {
  readonly kind: 'used' | 'canceled';
  readonly txHash: string;
  readonly blockNumber: bigint;
};

export type TxReceipt = {
  readonly isSuccess: boolean;
  readonly blockNumber: bigint;
  readonly blockHash: string;
};

/** Reads one network. Every method throws `ChainUnavailable` when the node does not answer or answers nonsense. */
export interface ChainReader {
  readonly network: string;
  /** The chain id that the node reports, to be compared with the network's. */
  chainId(): Promise<number>;
  head(): Promise<ChainHead>;
  /** The newest block that the chain calls safe, or null where it calls none so. */
  safe(): Promise<BlockHeader | null>;
  /** Whether there is code at an address now: a contract, or an account that acts by one. */
  hasCode(address: string): Promise<boolean>;
  /** Headers by height, oldest first; null where the node has no such block. */
  headers(numbers: readonly bigint[]): Promise<readonly (BlockHeader | null)[]>;
  /**
   * Transfers of a range, by block and position, and the header of its last block from the same answer, which proves
   * that the node had the whole range. Each carries the nonce of the authorization it carried out, if that was looked for.
   */
  transfers(query: TransferQuery): Promise<{ readonly transfers: readonly Transfer[]; readonly end: BlockHeader }>;
  /** Token balance at a block, by hash: a node on another fork fails instead of answering. */
  balanceAt(contract: string, wallet: string, blockHash: string): Promise<bigint>;
  /** Whether each authorization is used or canceled, at a block by hash. */
  nonceStates(
    contract: string,
    authorizations: readonly { readonly payer: string; readonly nonce: string }[],
    blockHash: string,
  ): Promise<readonly NonceState[]>;
  /** What became of a burnt nonce between two heights, or null when no log is found. */
  authorizationFate(
    contract: string,
    authorization: { readonly payer: string; readonly nonce: string },
    fromNumber: bigint,
    toNumber: bigint,
  ): Promise<AuthorizationFate | null>;
  /** The receipt of a transaction, or null when it is not in a block. */
  receipt(txHash: string): Promise<TxReceipt | null>;
}
