import type { Asset } from '@tollbook/domain';
import { ChainUnavailable, type NetworkStanding } from '@tollbook/usecases';
import { checkNode } from './check-node.js';
import type { EvmRpc } from './evm-rpc.js';
import { isStateMissing, rpcErrorOf } from './evm-rpc-error.js';

/** How one node of a pool stood when it was last looked at. */
export type PooledNode = {
  /** Of ours: the address may hold a key. */
  readonly name: string;
  readonly state: 'unchecked' | 'ok' | 'away' | 'refused';
  /** Null for one that is unchecked or well. */
  readonly reason: string | null;
};

/** The nodes of one network as one: whoever was checked and answers is asked, the first of them first. */
export interface RpcPool extends EvmRpc {
  nodes(): readonly PooledNode[];
  standing(): NetworkStanding;
  /**
   * The same nodes, but for the one that answers now: a second opinion. Of one node alone it is that one's own. What it
   * is asked moves no preference.
   */
  readonly others: EvmRpc;
  /** Whether `others` would ask another node than the one that answers now. */
  hasOther(): boolean;
  /** Checks the nodes whose turn it is. Never throws: what it finds shows in `nodes`. */
  check(): Promise<void>;
}

export type RpcPoolOptions = {
  readonly network: string;
  readonly chainId: number;
  /** The tokens that the network has to have. */
  readonly assets: readonly Asset[];
  /** In the order in which they are asked. */
  readonly nodes: readonly { readonly name: string; readonly rpc: EvmRpc }[];
  /** Milliseconds of any clock that never goes back; the process's by default. */
  readonly nowMs?: () => number;
};

/** How long a finding holds before the node is checked again. An address may lead to another node tomorrow. */
const holdsMs = { ok: 60_000, away: 2_000, refused: 5_000 } as const;

/** What a node answers when it is at its limits; another may have room. */
const busyCodes = new Set([-32_005, 429]);
/** A node that is asked too often is left alone as long as it says, twice as long each time in a row, and never longer. */
const restMsMax = 60_000;

type Member = {
  readonly name: string;
  readonly rpc: EvmRpc;
  state: PooledNode['state'];
  reason: string | null;
  checkedAtMs: number;
  checking: Promise<void> | null;
  restsUntilMs: number;
  /** How long it was left alone last; 0 once it has answered. */
  restMs: number;
};

/**
 * Asks a node nothing before it has shown to be of the right chain with the right tokens, and then the next one where it
 * is silent. An error that a node answers is an answer: it is not tried elsewhere, but for one that only says "too busy".
 */
export function createRpcPool(options: RpcPoolOptions): RpcPool {
  const { network, chainId, assets } = options;
  const nowMs = options.nowMs ?? (() => performance.now());
  const members = options.nodes.map(({ name, rpc }): Member => {
    const checkedAtMs = Number.NEGATIVE_INFINITY;
    return {
      name,
      rpc,
      state: 'unchecked',
      reason: null,
      checkedAtMs,
      checking: null,
      restsUntilMs: checkedAtMs,
      restMs: 0,
    };
  });
  /** Stays with whoever answered last, so that what is read together mostly comes from one node. */
  let preferred = 0;

  function checkMember(member: Member): Promise<void> {
    member.checking ??= look(member).finally(() => {
      member.checking = null;
    });
    return member.checking;
  }

  async function look(member: Member): Promise<void> {
    try {
      const found = await checkNode(member.rpc, chainId, assets);
      member.state = found.kind;
      member.reason = found.kind === 'ok' ? null : found.reason;
    } catch (error) {
      // What was seen to be right stays so while it is silent, and what was wrong stays wrong.
      if (member.state === 'unchecked') member.state = 'away';
      if (member.state === 'away') member.reason = error instanceof Error ? error.message : 'failed';
    }
    member.checkedAtMs = nowMs();
  }

  const isDue = ({ state, checkedAtMs }: Member) => state === 'unchecked' || nowMs() - checkedAtMs >= holdsMs[state];

  /** Leaves a node alone that says it is asked too often. */
  function rest(member: Member, error: unknown): void {
    const told = rpcErrorOf(error)?.retryAfterMs ?? null;
    if (told === null) return;
    member.restMs = Math.min(Math.max(told, member.restMs * 2), restMsMax);
    member.restsUntilMs = nowMs() + member.restMs;
  }

  async function ready(member: Member): Promise<EvmRpc> {
    if (nowMs() < member.restsUntilMs)
      throw new ChainUnavailable(network, `${member.name}: asked too often, left alone`);
    if (isDue(member)) {
      const checking = checkMember(member);
      if (member.state !== 'ok') await checking;
    }
    if (member.state === 'ok') return member.rpc;
    throw new ChainUnavailable(network, `${member.name}: ${member.reason ?? 'not checked yet'}`);
  }

  async function ask<T>(question: (rpc: EvmRpc) => Promise<T>, isAside = false): Promise<T> {
    let failure: unknown = new ChainUnavailable(network, 'no node is configured');
    const skipped = isAside && members.length > 1 ? 1 : 0;
    for (let tried = skipped; tried < members.length; tried += 1) {
      const at = (preferred + tried) % members.length;
      const member = members[at];
      if (!member) break;
      try {
        const answer = await question(await ready(member));
        if (!isAside) preferred = at;
        member.restMs = 0;
        return answer;
      } catch (error) {
        rest(member, error);
        if (!isElsewhere(error)) throw error;
        failure = error;
      }
    }
    throw failure;
  }

  const rpcOf = (isAside: boolean): EvmRpc => ({
    network,
    request: (method, params, settings) => ask((rpc) => rpc.request(method, params, settings), isAside),
    batch: (calls) => (calls.length === 0 ? Promise.resolve([]) : ask((rpc) => rpc.batch(calls), isAside)),
  });

  return {
    ...rpcOf(false),
    others: rpcOf(true),
    hasOther: () => members.some(({ state }, at) => at !== preferred && state !== 'refused'),
    nodes: () => members.map(({ name, state, reason }) => ({ name, state, reason })),
    standing: () => standingOf(members),
    check: async () => {
      await Promise.all(members.filter(isDue).map(checkMember));
    },
  };
}

/** Whether another node may know better: silence is no answer, and "too busy" is none either. */
function isElsewhere(error: unknown): boolean {
  if (!(error instanceof ChainUnavailable)) return false;
  const own = rpcErrorOf(error);
  return own === null || busyCodes.has(own.code) || isStateMissing(own);
}

/** Asked for every unpaid request. */
const open: NetworkStanding = { kind: 'open' };

function standingOf(members: readonly Member[]): NetworkStanding {
  if (members.some(({ state }) => state === 'ok')) return open;
  const told = members.filter(({ reason }) => reason !== null).map(({ name, reason }) => `${name}: ${reason}`);
  const reason = told.length === 0 ? 'not checked yet' : told.join('; ');
  const areAllWrong = members.length > 0 && members.every(({ state }) => state === 'refused');
  return { kind: areAllWrong ? 'refused' : 'away', reason };
}
