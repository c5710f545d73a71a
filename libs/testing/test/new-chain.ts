import { FakeChain, testAsset } from '@tollbook/testing';

/** A chain of twenty blocks that is a minute behind and finalizes after twelve; from one start the same blocks. */
export function newChain(nowUnixSeconds = Math.floor(Date.now() / 1000)): FakeChain {
  const { network, contract } = testAsset;
  const chain = new FakeChain({ network, contract, startUnixSeconds: nowUnixSeconds - 100, finalLag: 12 });
  chain.mine(20);
  return chain;
}
