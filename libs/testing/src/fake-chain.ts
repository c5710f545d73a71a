import { createHash } from 'node:crypto';
import type { Authorization, BlockHeader, Transfer } from '@tollbook/domain';

/** What a transaction does to the token of a `FakeChain`. */
export type ChainAction =
  | {
      readonly kind: 'transfer';
      readonly from: string;
      readonly to: string;
      readonly amountAtomic: bigint;
      /** Another token than the chain's own. */
      readonly contract?: string;
    }
  /** `isForced` moves the money although the token would refuse: for nodes that lie. */
  | { readonly kind: 'authorize'; readonly authorization: Authorization; readonly isForced?: boolean }
  | { readonly kind: 'cancel'; readonly payer: string; readonly nonce: string };

export type ChainTx = {
  readonly txHash: string;
  readonly actions: readonly ChainAction[];
  /** Included, but without effect. */
  readonly isReverted?: boolean;
};

/** How a nonce was burnt. */
export type SpentNonce = {
  readonly kind: 'used' | 'canceled';
  readonly payer: string;
  readonly nonce: string;
  readonly txHash: string;
};

export type FakeBlock = {
  readonly header: BlockHeader;
  readonly txs: readonly { readonly tx: ChainTx; readonly isSuccess: boolean }[];
  readonly transfers: readonly Transfer[];
  readonly spent: readonly SpentNonce[];
};

export type FakeChainOptions = {
  readonly network: string;
  /** The one token of this chain. */
  readonly contract: string;
  readonly startUnixSeconds: number;
  readonly blockSeconds?: number;
  /** Blocks on top of the final one. */
  readonly finalLag?: number;
};

/**
 * A chain in memory: blocks linked by parent hashes, one token with EIP-3009, forks that stay where they were. Nothing
 * happens by itself; the same calls make the same hashes.
 */
export class FakeChain {
  readonly network: string;
  readonly contract: string;
  private readonly blocks = new Map<string, FakeBlock>();
  private readonly blockSeconds: number;
  private pool: ChainTx[] = [];
  private finalLag: number;
  private skippedSeconds = 0;
  private forks = 0;
  private readonly contracts = new Set<string>();
  private tip: FakeBlock;

  constructor(options: FakeChainOptions) {
    this.network = options.network;
    this.contract = options.contract;
    this.blockSeconds = options.blockSeconds ?? 2;
    this.finalLag = options.finalLag ?? 12;
    const time = options.startUnixSeconds;
    const genesis = {
      number: 0n,
      hash: hashOf(`${this.network}|genesis`),
      parentHash: zeroHash,
      timeUnixSeconds: time,
    };
    this.tip = { header: genesis, txs: [], transfers: [], spent: [] };
    this.blocks.set(genesis.hash, this.tip);
  }

  get head(): BlockHeader {
    return this.tip.header;
  }

  /** The newest block that is `finalLag` blocks deep, or the first one. */
  get final(): BlockHeader {
    const number = this.head.number - BigInt(this.finalLag);
    return (this.at(number < 0n ? 0n : number) ?? this.tip).header;
  }

  /** Half as deep as the final one. */
  get safe(): BlockHeader {
    const number = this.head.number - BigInt(this.finalLag >> 1);
    return (this.at(number < 0n ? 0n : number) ?? this.tip).header;
  }

  /** Puts code at an address. */
  deploy(address: string): void {
    this.contracts.add(address);
  }

  hasCode(address: string): boolean {
    return this.contracts.has(address);
  }

  setFinalLag(blocks: number): void {
    this.finalLag = blocks;
  }

  /** The next block comes this much later. */
  skipSeconds(seconds: number): void {
    this.skippedSeconds += seconds;
  }

  /** Takes transactions that the next block will hold, unless the chain has them. */
  submit(...txs: readonly ChainTx[]): void {
    const isNew = (tx: ChainTx) => !this.has(tx.txHash) && !this.pool.some(({ txHash }) => txHash === tx.txHash);
    this.pool.push(...txs.filter(isNew));
  }

  /** Mines blocks, the first with everything that was submitted; returns the newest. */
  mine(count = 1): BlockHeader {
    for (let mined = 0; mined < count; mined += 1) {
      const txs = this.pool.filter((tx) => !this.has(tx.txHash));
      this.pool = [];
      this.tip = this.blockOf(txs);
      this.blocks.set(this.head.hash, this.tip);
    }
    return this.head;
  }

  /** Drops the newest blocks; what they held is returned and comes back only if it is submitted again. */
  reorg(depth: number): readonly ChainTx[] {
    const dropped: ChainTx[] = [];
    for (let gone = 0; gone < depth; gone += 1) {
      dropped.unshift(...this.tip.txs.map(({ tx }) => tx));
      this.tip = this.parentOf(this.tip) ?? this.tip;
    }
    this.forks += 1;
    return dropped;
  }

  /** Follows another fork, by the hash of its newest block. */
  switchTo(hash: string): void {
    const block = this.blocks.get(hash);
    if (!block) throw new Error(`no block ${hash} was ever mined`);
    this.tip = block;
  }

  /** Whether a block of this fork, or the pool, holds a transaction. */
  has(txHash: string): boolean {
    return [...this.ancestors(this.tip)].some(({ txs }) => txs.some(({ tx }) => tx.txHash === txHash));
  }

  /** The block of a height on this fork. */
  at(number: bigint): FakeBlock | undefined {
    for (const block of this.ancestors(this.tip)) if (block.header.number === number) return block;
    return undefined;
  }

  /** A block of this fork and everything below it, newest first; empty when the block lies on another fork. */
  *upTo(hash: string): Generator<FakeBlock> {
    const block = this.blocks.get(hash);
    if (block && this.at(block.header.number) === block) yield* this.ancestors(block);
  }

  private blockOf(txs: readonly ChainTx[]): FakeBlock {
    const { number, hash: parentHash, timeUnixSeconds } = this.head;
    const time = timeUnixSeconds + this.blockSeconds + this.skippedSeconds;
    this.skippedSeconds = 0;
    const parts = [this.network, parentHash, number + 1n, time, this.forks, ...txs.map((tx) => tx.txHash)];
    const header = { number: number + 1n, hash: hashOf(parts.join('|')), parentHash, timeUnixSeconds: time };
    const spent: SpentNonce[] = [];
    const transfers: Transfer[] = [];
    const done: { tx: ChainTx; isSuccess: boolean }[] = [];
    let position = 0;
    for (const tx of txs) {
      const isSuccess = !tx.isReverted && tx.actions.every((action) => this.isAllowed(action, time, spent));
      done.push({ tx, isSuccess });
      for (const action of isSuccess ? tx.actions : []) {
        const burnt = burntBy(action, tx.txHash);
        if (burnt) spent.push(burnt);
        if (burnt) position += 1;
        if (action.kind === 'cancel') continue;
        transfers.push({ ...this.transferOf(action, header), txHash: tx.txHash, position });
        position += 1;
      }
    }
    return { header, txs: done, transfers, spent };
  }

  private isAllowed(action: ChainAction, time: number, spentInBlock: readonly SpentNonce[]): boolean {
    if (action.kind === 'transfer') return true;
    const { payer, nonce } =
      action.kind === 'cancel' ? action : { ...action.authorization, payer: action.authorization.from };
    if (action.kind === 'authorize') {
      if (action.isForced) return true;
      const { validAfterUnixSeconds: after, validBeforeUnixSeconds: before } = action.authorization;
      if (BigInt(time) <= after || BigInt(time) >= before) return false;
    }
    const isThis = (each: SpentNonce) => each.payer === payer && each.nonce === nonce;
    if (spentInBlock.some(isThis)) return false;
    return ![...this.ancestors(this.tip)].some(({ spent }) => spent.some(isThis));
  }

  private transferOf(action: Exclude<ChainAction, { kind: 'cancel' }>, header: BlockHeader) {
    const { network, contract } = this;
    const block = { blockNumber: header.number, blockHash: header.hash, blockTimeUnixSeconds: header.timeUnixSeconds };
    if (action.kind === 'transfer') {
      const { from, to, amountAtomic } = action;
      const token = action.contract ?? contract;
      return { network, contract: token, ...block, from, to, amountAtomic, authorizationNonce: null };
    }
    const { from, to, valueAtomic: amountAtomic, nonce: authorizationNonce } = action.authorization;
    return { network, contract, ...block, from, to, amountAtomic, authorizationNonce };
  }

  private *ancestors(block: FakeBlock): Generator<FakeBlock> {
    for (let at: FakeBlock | undefined = block; at; at = this.parentOf(at)) yield at;
  }

  private parentOf(block: FakeBlock): FakeBlock | undefined {
    return this.blocks.get(block.header.parentHash);
  }
}

const zeroHash = `0x${'00'.repeat(32)}`;

function burntBy(action: ChainAction, txHash: string): SpentNonce | null {
  if (action.kind === 'transfer') return null;
  if (action.kind === 'cancel') return { kind: 'canceled', payer: action.payer, nonce: action.nonce, txHash };
  const { from: payer, nonce } = action.authorization;
  return { kind: 'used', payer, nonce, txHash };
}

function hashOf(text: string): string {
  return `0x${createHash('sha256').update(text).digest('hex')}`;
}
