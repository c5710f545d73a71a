import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faucet } from './faucet.js';
import { createRpc } from './rpc.js';
import { type Sandbox, startSandbox } from './start-sandbox.js';

const NETWORK = 'eip155:84532';
const ADDRESS = '0x00000000000000000000000000000000000000c3';

describe('faucet', () => {
  let dataDir: string;
  let sandbox: Sandbox;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'tollbook-faucet-'));
    sandbox = await startSandbox({ dataDir, blockTimeMs: 50 });
  });
  afterAll(async () => {
    await sandbox.stop();
    await rm(dataDir, { recursive: true });
  });

  it('mints in a chain tx with a transfer log, and gives gas', async () => {
    const answer = await faucet(sandbox.info, { network: NETWORK, address: ADDRESS, amountAtomic: 2_500_000n });
    const rpc = createRpc(sandbox.info.evm.rpcUrl);
    const txHash = answer.kind === 'granted' ? answer.txHash : null;
    expect(await rpc.call('eth_getTransactionReceipt', [txHash])).toMatchObject({
      status: '0x1',
      logs: [{ address: sandbox.info.evm.usdc.toLowerCase(), data: `0x${(2_500_000).toString(16).padStart(64, '0')}` }],
    });
    expect(await rpc.call('eth_getBalance', [ADDRESS, 'latest'])).not.toBe('0x0');
  });

  it('serves many callers at once', async () => {
    const wish = { network: NETWORK, address: ADDRESS, amountAtomic: 1n };
    const answers = await Promise.all(Array.from({ length: 25 }, () => faucet(sandbox.info, wish)));
    const hashes = answers.map((answer) => (answer.kind === 'granted' ? answer.txHash : null));
    expect(new Set(hashes).size).toBe(25);
    expect(hashes).not.toContain(null);
  });

  it.each([
    [{ network: 'eip155:8453', address: 'x', amountAtomic: 0n }, 'network_unknown'],
    [{ network: NETWORK, address: 'x', amountAtomic: 0n }, 'address_invalid'],
    [{ network: NETWORK, address: `0x${'0'.repeat(40)}`, amountAtomic: 1n }, 'address_invalid'],
    [{ network: NETWORK, address: '0x036CbD53842c5426634e7929541eC2318f3dCF7E', amountAtomic: 1n }, 'address_invalid'],
    [{ network: NETWORK, address: ADDRESS, amountAtomic: 0n }, 'amount_invalid'],
    [{ network: NETWORK, address: ADDRESS, amountAtomic: 10_000_000_001n }, 'amount_invalid'],
  ] as const)('refuses %o: %s', async (request, reason) => {
    expect(await faucet(sandbox.info, request)).toEqual({ kind: 'refused', reason });
  });
});
