import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faucet } from './faucet.js';
import { waitForReceipt } from './mint-tokens.js';
import { newBuyer } from './new-buyer.js';
import { createRpc } from './rpc.js';
import { sendTokens } from './send-tokens.js';
import { type Sandbox, startSandbox } from './start-sandbox.js';

const MINED_TIMEOUT_MS = 20_000;

describe('sendTokens', () => {
  let dataDir: string;
  let sandbox: Sandbox;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'tollbook-send-'));
    sandbox = await startSandbox({ dataDir, blockTimeMs: 50 });
  });
  afterAll(async () => {
    await sandbox.stop();
    await rm(dataDir, { recursive: true });
  });

  it('moves what a wallet holds, one transfer after another, and no more than that', async () => {
    const { info } = sandbox;
    const { address, privateKey } = newBuyer();
    const to = info.merchant.evmAddress;
    await faucet(info, { network: 'eip155:84532', address, amountAtomic: 700n });
    const rpc = createRpc(info.evm.rpcUrl);
    for (const amountAtomic of [300n, 400n]) {
      await waitForReceipt(rpc, await sendTokens(info, { privateKey, to, amountAtomic }), MINED_TIMEOUT_MS);
    }
    const tooMuch = await sendTokens(info, { privateKey, to, amountAtomic: 1n });
    await expect(waitForReceipt(rpc, tooMuch, MINED_TIMEOUT_MS)).rejects.toThrow('reverted');
  });
});
