import { readFileSync } from 'node:fs';
import { type Address, domainSeparator, encodeFunctionData, type Hex, parseAbi } from 'viem';
import type { PrivateKeyAccount } from 'viem/accounts';
import type { Rpc } from './rpc.js';
import { parseFields, parseHex, toQuantity } from './rpc-values.js';

/** USDC's address and EIP-712 name on each chain a local node can stand for: stock clients have them built in. */
export const CANONICAL_USDC = {
  8453: { address: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913', name: 'USD Coin' },
  84532: { address: '0x036CbD53842c5426634e7929541eC2318f3dCF7e', name: 'USDC' },
  137: { address: '0x3c499c542cEF5E3811e1192ce70d8cC03d5c3359', name: 'USD Coin' },
  1: { address: '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48', name: 'USD Coin' },
  42161: { address: '0xaf88d065e77c8cC2239327C5EDb3A432268e5831', name: 'USD Coin' },
  43114: { address: '0xB97EF9Ef8734C71904D8002F8b6Bc66Dd9c48a6E', name: 'USD Coin' },
} as const satisfies Record<number, { address: Address; name: string }>;

/** A chain id with a canonical USDC. */
export type LocalChainId = keyof typeof CANONICAL_USDC;

/** The parts of the token's ABI that callers use; `contracts/DevUsd.json` holds all of it. */
export const devUsdAbi = parseAbi([
  'function init(string tokenName, string tokenSymbol, string domainVersion, uint8 tokenDecimals, address tokenMinter)',
  'function minter() view returns (address)',
  'function DOMAIN_SEPARATOR() view returns (bytes32)',
  'function balanceOf(address account) view returns (uint256)',
  'function totalSupply() view returns (uint256)',
  'function authorizationState(address authorizer, bytes32 nonce) view returns (bool)',
  'function mint(address to, uint256 value) returns (bool)',
  'function mintWithSignature(address to, uint256 value, bytes32 salt, bytes signature)',
  'function burst(address to, uint256 count, bytes32 seed)',
  'function transfer(address to, uint256 value) returns (bool)',
  'function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, bytes signature)',
  'function cancelAuthorization(address authorizer, bytes32 nonce, bytes signature)',
  'function pause()',
  'function unpause()',
  'function blacklist(address account)',
  'function unBlacklist(address account)',
  'event Transfer(address indexed from, address indexed to, uint256 value)',
  'event AuthorizationUsed(address indexed authorizer, bytes32 indexed nonce)',
  'event AuthorizationCanceled(address indexed authorizer, bytes32 indexed nonce)',
]);

const USDC_DECIMALS = 6;
const DOMAIN_VERSION = '2';

/** The token's runtime code, as compiled by `contracts/compile.mjs`. */
function devUsdRuntime(): Hex {
  const text = readFileSync(new URL('../contracts/DevUsd.json', import.meta.url), 'utf8');
  return parseHex(parseFields(JSON.parse(text)).runtime);
}

/** The EIP-712 domain that authorizations of this chain's USDC are signed in. */
export function usdcDomain(chainId: LocalChainId) {
  const { address, name } = CANONICAL_USDC[chainId];
  return { name, version: DOMAIN_VERSION, chainId, verifyingContract: address };
}

/**
 * Puts the token's code at the chain's canonical USDC address and, on a chain that has none yet, sends `init`
 * as a chain tx of the minter's. The caller mines; then `checkToken`.
 */
export async function placeToken(rpc: Rpc, chainId: LocalChainId, minter: PrivateKeyAccount): Promise<void> {
  const { address, name } = CANONICAL_USDC[chainId];
  await rpc.call('anvil_setCode', [address, devUsdRuntime()]);
  const isInitialised = BigInt(await callToken(rpc, address, 'minter')) !== 0n;
  if (isInitialised) return;
  const data = encodeFunctionData({
    abi: devUsdAbi,
    functionName: 'init',
    args: [name, 'USDC', DOMAIN_VERSION, USDC_DECIMALS, minter.address],
  });
  await rpc.call('anvil_setBalance', [minter.address, toQuantity(10n ** 21n)]);
  const tx = await minter.signTransaction({ ...TX_FEES, chainId, nonce: 0, gas: 300_000n, to: address, data });
  await rpc.call('eth_sendRawTransaction', [tx]);
}

/** Throws unless the token at the canonical address has the canonical EIP-712 domain and this minter. */
export async function checkToken(rpc: Rpc, chainId: LocalChainId, minter: Address): Promise<void> {
  const { address } = CANONICAL_USDC[chainId];
  const expected = domainSeparator({ domain: usdcDomain(chainId) });
  const actual = await callToken(rpc, address, 'DOMAIN_SEPARATOR');
  if (actual !== expected) throw new Error(`the token's EIP-712 domain is ${actual}, not ${expected}`);
  const actualMinter = await callToken(rpc, address, 'minter');
  if (BigInt(actualMinter) !== BigInt(minter)) throw new Error(`the token's minter is ${actualMinter}, not ${minter}`);
}

/** What every chain tx of the sandbox pays: far above any base fee a local chain reaches. */
export const TX_FEES = {
  type: 'eip1559',
  maxFeePerGas: 10n ** 12n,
  maxPriorityFeePerGas: 10n ** 9n,
} as const;

/** The digest-making parts of a mint the minter signs for anybody to send; `salt` makes each usable once. */
export function mintTypedData(chainId: LocalChainId, message: { to: Address; value: bigint; salt: Hex }) {
  return {
    domain: usdcDomain(chainId),
    primaryType: 'Mint',
    types: {
      Mint: [
        { name: 'to', type: 'address' },
        { name: 'value', type: 'uint256' },
        { name: 'salt', type: 'bytes32' },
      ],
    },
    message,
  } as const;
}

async function callToken(rpc: Rpc, to: Address, functionName: 'minter' | 'DOMAIN_SEPARATOR'): Promise<Hex> {
  const data = encodeFunctionData({ abi: devUsdAbi, functionName });
  return parseHex(await rpc.call('eth_call', [{ to, data }, 'latest']));
}
