import { Inject, Injectable } from '@nestjs/common';
import type { HeadSocket } from '@tollbook/evm';
import type { Queues } from '@tollbook/queue';
import { type ChainReader, ChainUnavailable } from '@tollbook/usecases';
import type { FailureLog } from './failure-log.js';
import type { Node } from './nodes.js';
import { workerParts } from './tokens.js';

const pollMs = 500;
const pollMsMax = 8_000;
/** While a socket tells of blocks, the node is asked only now and then: heads of both may differ. */
const listeningPollMs = 5_000;
/** The finality tag moves in jumps of minutes on a live chain: every tenth look asks for it. */
const finalEvery = 10;

type WatchedNode = Pick<Node, 'network' | 'headNumber' | 'listen'> & { readonly reader: Pick<ChainReader, 'head'> };

/** What the watcher needs of the worker's parts. */
export type WatcherParts = {
  readonly nodes: {
    networks(): readonly string[];
    nodeOf(network: string): WatchedNode | undefined;
    refresh(): void;
  };
  readonly queues: Pick<Queues, 'enqueue'>;
  readonly failures: FailureLog;
};

/** What the looks at one node came to; unix milliseconds, null before the first answer. */
export type HeadSight = {
  readonly headNumber: bigint | null;
  readonly answeredAtMs: number | null;
  readonly headMovedAtMs: number | null;
  /** Whether a socket tells of blocks now; otherwise the node is asked for them. */
  readonly isTold: boolean;
};

type Watch = {
  timer: NodeJS.Timeout | undefined;
  head: bigint | null;
  answeredAtMs: number | null;
  headMovedAtMs: number | null;
  final: bigint | null;
  looks: number;
  misses: number;
  socket: HeadSocket | null;
};

/**
 * Looks at each node's height and asks for a scan when it moved. A hint and not a rule: whatever it misses, the schedules
 * come back to. A node that is away is asked less and less often.
 */
@Injectable()
export class HeadWatcher {
  private readonly watches = new Map<string, Watch>();
  private isStopped = false;

  constructor(@Inject(workerParts) private readonly parts: WatcherParts) {}

  /** Watches every network that has a node; called again, it takes up what was added or moved meanwhile. */
  watchAll(): void {
    if (this.isStopped) return;
    this.refresh();
    for (const network of this.parts.nodes.networks()) {
      if (this.watches.has(network)) continue;
      const watch: Watch = {
        timer: undefined,
        head: null,
        answeredAtMs: null,
        headMovedAtMs: null,
        final: null,
        looks: 0,
        misses: 0,
        socket: null,
      };
      this.watches.set(network, watch);
      watch.socket = this.listen(network, watch);
      watch.timer = setTimeout(() => void this.look(network, watch), 0);
    }
  }

  sightOf(network: string): HeadSight {
    const watch = this.watches.get(network);
    if (!watch) return { headNumber: null, answeredAtMs: null, headMovedAtMs: null, isTold: false };
    const { head: headNumber, answeredAtMs, headMovedAtMs } = watch;
    return { headNumber, answeredAtMs, headMovedAtMs, isTold: watch.socket?.isAlive() ?? false };
  }

  stop(): void {
    this.isStopped = true;
    for (const { timer, socket } of this.watches.values()) {
      clearTimeout(timer);
      socket?.stop();
    }
  }

  private async look(network: string, watch: Watch): Promise<void> {
    const step = `watch-head ${network}`;
    try {
      const node = this.parts.nodes.nodeOf(network);
      if (node) await this.compare(node, watch);
      watch.misses = 0;
      this.parts.failures.worked(step);
    } catch (error) {
      watch.misses += 1;
      this.parts.failures.failed(step, error);
      this.refresh();
    }
    if (this.isStopped) return;
    // A socket that fell silent meanwhile has asked for a look of its own: one clock is enough.
    clearTimeout(watch.timer);
    const waitMs = watch.socket?.isAlive() ? listeningPollMs : nextPollMs(watch.misses);
    watch.timer = setTimeout(() => void this.look(network, watch), waitMs);
  }

  /** Hears of blocks as they come, where that is possible. When a socket falls silent, the node is asked at once. */
  private listen(network: string, watch: Watch): HeadSocket | null {
    const step = `listen ${network}`;
    const open = this.parts.nodes.nodeOf(network)?.listen;
    if (!open) return null;
    return open({
      onHead: (number) => void this.noteHead(network, watch, number).catch(() => undefined),
      onTrouble: (reason) => {
        if (reason === null) return this.parts.failures.worked(step);
        this.parts.failures.failed(step, new ChainUnavailable(network, reason));
        if (this.isStopped) return;
        clearTimeout(watch.timer);
        watch.timer = setTimeout(() => void this.look(network, watch), 0);
      },
    });
  }

  private async noteHead(network: string, watch: Watch, head: bigint): Promise<void> {
    watch.answeredAtMs = Date.now();
    if (head === watch.head) return;
    watch.headMovedAtMs = watch.answeredAtMs;
    watch.head = head;
    await this.parts.queues.enqueue({ kind: 'scan-chain', network });
  }

  private async compare(node: WatchedNode, watch: Watch): Promise<void> {
    const { network } = node;
    const asksFinal = watch.looks % finalEvery === 0;
    watch.looks += 1;
    await this.noteHead(network, watch, await node.headNumber());
    if (!asksFinal) return;
    const { final } = await node.reader.head();
    if (watch.final !== null && final.number !== watch.final) {
      await this.parts.queues.enqueue({ kind: 'reconcile', network });
    }
    watch.final = final.number;
  }

  /** A sandbox chain that was started again may listen elsewhere. */
  private refresh(): void {
    try {
      this.parts.nodes.refresh();
    } catch (error) {
      this.parts.failures.failed('find-nodes', error);
    }
  }
}

/** Half a second, doubled with each look in a row that got no answer. */
export function nextPollMs(misses: number): number {
  return Math.min(pollMs * 2 ** Math.min(misses, 10), pollMsMax);
}
