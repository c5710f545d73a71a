import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addressOfKey } from '@tollbook/evm';
import type { TestChain } from '@tollbook/sandbox';

/** Writes the record by which a process finds the sandbox's chain, pointing at a chain of the test's own. */
export async function writeSandboxFile(
  dataDir: string,
  chain: Pick<TestChain, 'rpcUrl' | 'chainId' | 'usdc' | 'rpc'>,
): Promise<void> {
  const key = () => ({ evmPrivateKey: `0x${randomBytes(32).toString('hex')}` });
  const { rpcUrl, chainId, usdc } = chain;
  const gasSigner = key();
  await chain.rpc('anvil_setBalance', [addressOfKey(gasSigner.evmPrivateKey), '0x8ac7230489e80000']);
  const state = { evm: { rpcUrl, chainId, usdc }, buyer: key(), merchant: key(), gasSigner, faucet: key() };
  writeFileSync(join(dataDir, 'sandbox.json'), JSON.stringify(state), { mode: 0o600 });
}
