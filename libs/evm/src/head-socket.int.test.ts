import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { usdcChainId } from '../test/sign-authorization.js';
import { startTokenChain, type TokenChain } from '../test/token-chain.js';
import { createHeadSocket } from './head-socket.js';

describe('a real node', () => {
  let node: TokenChain;
  beforeAll(async () => {
    node = await startTokenChain();
  });
  afterAll(() => node?.chain.stop());

  it('tells of its blocks as they are mined', async () => {
    const heads: bigint[] = [];
    const troubles: (string | null)[] = [];
    const socket = createHeadSocket({
      chainId: usdcChainId,
      urls: [node.chain.rpcUrl.replace(/^http/, 'ws')],
      blockMs: 2_000,
      onHead: (number) => heads.push(number),
      onTrouble: (reason) => troubles.push(reason),
    });
    try {
      await vi.waitFor(
        async () => {
          await node.chain.mine();
          expect(socket.isAlive()).toBe(true);
        },
        { timeout: 10_000 },
      );
      await node.chain.mine(3);
      const head = await node.headNumber();
      await vi.waitFor(() => expect(heads).toContain(head));
      expect(troubles).toEqual([null]);
    } finally {
      socket.stop();
    }
  });

  it('of another chain than it should be is not listened to', async () => {
    const onHead = vi.fn();
    const troubles: (string | null)[] = [];
    const socket = createHeadSocket({
      chainId: 1,
      urls: [node.chain.rpcUrl.replace(/^http/, 'ws')],
      blockMs: 2_000,
      onHead,
      onTrouble: (reason) => troubles.push(reason),
    });
    try {
      await vi.waitFor(() => expect(troubles).toContain(`its node is of chain ${usdcChainId}, not 1`));
      expect(onHead).not.toHaveBeenCalled();
    } finally {
      socket.stop();
    }
  });
});
