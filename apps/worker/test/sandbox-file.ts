import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestChain } from '@tollbook/sandbox';

/** Writes the record by which a process finds the sandbox's chain, pointing at a chain of the test's own. */
export function writeSandboxFile(dataDir: string, chain: Pick<TestChain, 'rpcUrl' | 'chainId' | 'usdc'>): void {
  const key = () => ({ evmPrivateKey: `0x${randomBytes(32).toString('hex')}` });
  const { rpcUrl, chainId, usdc } = chain;
  const state = { evm: { rpcUrl, chainId, usdc }, buyer: key(), merchant: key(), gasSigner: key(), faucet: key() };
  writeFileSync(join(dataDir, 'sandbox.json'), JSON.stringify(state), { mode: 0o600 });
}
