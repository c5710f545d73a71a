import type { BlockHeader, Transfer } from '@tollbook/domain';
import { type FakeChain, fakeChainReader, type NodeFaults } from '@tollbook/testing';
import { type ChainReader, ChainUnavailable } from '@tollbook/usecases';
import { addressOf } from '../address-of.js';
import type { Lie } from './script.js';

/** A node of a chain that answers as its lie has it, and honestly without one. */
export class LyingNode {
  /** Runs once before the call of a number, counted from the beginning of a reading. */
  private during: { readonly at: number; readonly run: () => Promise<void> }[] = [];
  private readonly faults: NodeFaults = {};
  private lie: Lie | null = null;
  private calls = 0;
  /** Heads that the chain had before it went another way, newest last. */
  private readonly tips: string[] = [];
  /** How often a lie changed an answer. */
  lies = 0;

  constructor(private readonly chain: FakeChain) {}

  begin(lie: Lie | null): void {
    this.lie = lie;
    this.calls = 0;
    this.during = [];
  }

  /** The chain is about to leave this head. */
  rememberTip(): void {
    this.tips.push(this.chain.head.hash);
  }

  runAt(at: number, run: () => Promise<void>): void {
    this.during.push({ at, run });
  }

  reader(): ChainReader {
    const honest = fakeChainReader(this.chain, this.faults);
    const ask = <T>(call: () => Promise<T>): Promise<T> => this.ask(call);
    return {
      network: honest.network,
      chainId: () => ask(() => honest.chainId()),
      head: () => ask(async () => this.aboutHead(await honest.head())),
      safe: () => ask(() => honest.safe()),
      hasCode: (address) => ask(() => honest.hasCode(address)),
      headers: (numbers) => ask(async () => this.aboutHeaders(await honest.headers(numbers))),
      transfers: (query) =>
        ask(async () => {
          const { transfers, end } = await honest.transfers(query);
          return { transfers: this.aboutTransfers(transfers), end };
        }),
      balanceAt: (...asked) => ask(() => honest.balanceAt(...asked)),
      nonceStates: (...asked) => ask(() => honest.nonceStates(...asked)),
      authorizationFate: (...asked) => ask(() => honest.authorizationFate(...asked)),
      receipt: (...asked) => ask(() => honest.receipt(...asked)),
    };
  }

  private async ask<T>(call: () => Promise<T>): Promise<T> {
    this.calls += 1;
    const due = this.during.filter(({ at }) => at === this.calls);
    this.during = this.during.filter(({ at }) => at !== this.calls);
    for (const { run } of due) await run();
    const { lie, calls } = this;
    if (lie?.kind === 'silent' && calls === lie.at) {
      this.lies += 1;
      throw new ChainUnavailable(this.chain.network, 'the node did not answer in time');
    }
    const isBehind = lie?.kind === 'lags' || (lie?.kind === 'mixes' && calls % 2 === 0);
    this.faults.blocksBehind = isBehind ? lie.size : 0;
    if (isBehind) this.lies += 1;
    const other = lie?.kind === 'other_fork' && calls >= lie.at && calls < lie.at + lie.size ? this.otherTip() : null;
    if (other === null) return call();
    this.lies += 1;
    const { hash } = this.chain.head;
    this.chain.switchTo(other);
    try {
      return await call();
    } finally {
      this.chain.switchTo(hash);
    }
  }

  /** The head of another fork above what is final: one below it would be another chain. */
  private otherTip(): string | null {
    const { chain } = this;
    const { hash: ours } = chain.head;
    const { number, hash } = chain.final;
    const found = [...this.tips].reverse().find((tip) => {
      chain.switchTo(tip);
      const isKin = chain.at(number)?.header.hash === hash;
      chain.switchTo(ours);
      return isKin && tip !== ours;
    });
    return found ?? null;
  }

  private aboutHead<T extends { readonly head: BlockHeader; readonly final: BlockHeader }>(told: T): T {
    const { lie } = this;
    if (lie?.kind === 'boasts') {
      this.lies += 1;
      return { ...told, head: { ...told.head, number: told.head.number + BigInt(lie.size) } };
    }
    if (lie?.kind !== 'old_final') return told;
    const first = this.chain.at(0n);
    this.lies += 1;
    return first ? { ...told, final: first.header } : told;
  }

  private aboutHeaders(told: readonly (BlockHeader | null)[]): readonly (BlockHeader | null)[] {
    const { lie } = this;
    if (told.length < 3) return told;
    if (lie?.kind === 'half') {
      this.lies += 1;
      return told.map((header, index) => (index < told.length / 2 ? header : null));
    }
    if (lie?.kind !== 'unlinked') return told;
    this.lies += 1;
    return told.map((header, index) => (header && index === 1 ? { ...header, parentHash: header.hash } : header));
  }

  private aboutTransfers(told: readonly Transfer[]): readonly Transfer[] {
    const { lie } = this;
    if (lie?.kind === 'repeats') {
      this.lies += 1;
      return [...told, ...told].reverse();
    }
    if (lie?.kind !== 'foreign') return told;
    this.lies += 1;
    return told.flatMap((each) => [
      { ...each, contract: addressOf('another token'), position: each.position + 1_000 },
      { ...each, from: addressOf('a stranger'), to: addressOf('another stranger'), position: each.position + 2_000 },
      each,
    ]);
  }
}
