import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Address, Hex } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { CANONICAL_USDC } from './dev-usd.js';
import { parseFields, parseHex } from './rpc-values.js';
import { SandboxUnavailableError } from './sandbox-unavailable-error.js';
import { writeFileAtomic } from './write-file-atomic.js';

/** The chain id of the sandbox: Base Sepolia's. */
export const SANDBOX_CHAIN_ID = 84532;

/** A sandbox wallet with its key. */
export interface SandboxWallet {
  evmPrivateKey: Hex;
  evmAddress: Address;
}

/** Where the sandbox chain is and whose keys hold its play money; in `<dataDir>/sandbox.json`, mode 0600. */
export interface SandboxState {
  evm: { rpcUrl: string; chainId: typeof SANDBOX_CHAIN_ID; usdc: Address };
  /** Pays in the sandbox; holds 1,000 USDC at first. */
  buyer: SandboxWallet;
  /** The demo merchant's receiving wallet. */
  merchant: SandboxWallet;
  /** Pays the gas of the built-in facilitator's settlements. */
  gasSigner: SandboxWallet;
  /** The token's minter. */
  faucet: { evmPrivateKey: Hex };
}

/** Reads the sandbox's state, or null when this data folder has none; throws `SandboxUnavailableError` if damaged. */
export function readSandboxState(dataDir: string): SandboxState | null {
  const path = statePath(dataDir);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new SandboxUnavailableError(`${path} cannot be read.`, { cause: error });
  }
  try {
    return parseSandboxState(JSON.parse(text));
  } catch (cause) {
    throw new SandboxUnavailableError(`${path} is damaged; restore it, it holds the sandbox's keys.`, { cause });
  }
}

/** Saves the state so that a crash leaves the old one or the new one. */
export async function writeSandboxState(dataDir: string, state: SandboxState): Promise<void> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  await writeFileAtomic(statePath(dataDir), `${JSON.stringify(state, null, 2)}\n`);
}

/** A state with new keys for a chain that is about to start at `rpcUrl`. */
export function createSandboxState(rpcUrl: string): SandboxState {
  return {
    evm: { rpcUrl, chainId: SANDBOX_CHAIN_ID, usdc: CANONICAL_USDC[SANDBOX_CHAIN_ID].address },
    buyer: createWallet(),
    merchant: createWallet(),
    gasSigner: createWallet(),
    faucet: { evmPrivateKey: generatePrivateKey() },
  };
}

function createWallet(): SandboxWallet {
  const evmPrivateKey = generatePrivateKey();
  return { evmPrivateKey, evmAddress: privateKeyToAccount(evmPrivateKey).address };
}

function statePath(dataDir: string): string {
  return join(dataDir, 'sandbox.json');
}

function parseSandboxState(value: unknown): SandboxState {
  const fields = parseFields(value);
  const { rpcUrl, chainId } = parseFields(fields.evm);
  if (chainId !== SANDBOX_CHAIN_ID) throw new TypeError(`not the sandbox's chain id: ${String(chainId)}`);
  if (typeof rpcUrl !== 'string' || !URL.canParse(rpcUrl)) throw new TypeError('rpcUrl is not a URL');
  return {
    evm: { rpcUrl, chainId, usdc: CANONICAL_USDC[chainId].address },
    buyer: parseWallet(fields.buyer),
    merchant: parseWallet(fields.merchant),
    gasSigner: parseWallet(fields.gasSigner),
    faucet: { evmPrivateKey: parseHex(parseFields(fields.faucet).evmPrivateKey) },
  };
}

/** The address is made from the key rather than read: the two cannot disagree. */
function parseWallet(value: unknown): SandboxWallet {
  const evmPrivateKey = parseHex(parseFields(value).evmPrivateKey);
  return { evmPrivateKey, evmAddress: privateKeyToAccount(evmPrivateKey).address };
}
