import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Address, bytesToHex, encodeFunctionData, type Hex, pad, parseAbi } from 'viem';
import { parseFields, parseHex } from './rpc-values.js';

type Chain = { rpc(method: string, params?: readonly unknown[]): Promise<unknown> };

const factoryAbi = parseAbi([
  'function deploy(address owner, bytes32 salt) returns (address)',
  'function addressOf(address owner, bytes32 salt) view returns (address)',
]);

/** Puts a smart account (ERC-1271) that `owner` signs for on a test chain. */
export async function placeDevAccount(chain: Chain, owner: Address): Promise<Address> {
  const account = freshAddress();
  await chain.rpc('anvil_setCode', [account, runtimeOf('DevAccount')]);
  await changeDevAccountOwner(chain, account, owner);
  return account;
}

/** From the next call on somebody else signs for an account. */
export async function changeDevAccountOwner(chain: Chain, account: Address, owner: Address): Promise<void> {
  await chain.rpc('anvil_setStorageAt', [account, pad('0x0'), pad(owner)]);
}

/** A smart account that is not deployed yet: its address, its factory, and the call that makes it (ERC-6492). */
export type PlannedAccount = { readonly account: Address; readonly factory: Address; readonly factoryCalldata: Hex };

/** Puts a factory on a test chain and plans an account of `owner` with it. */
export async function planDevAccount(chain: Chain, owner: Address): Promise<PlannedAccount> {
  const factory = freshAddress();
  await chain.rpc('anvil_setCode', [factory, runtimeOf('DevAccountFactory')]);
  const args = [owner, bytesToHex(randomBytes(32))] as const;
  const data = encodeFunctionData({ abi: factoryAbi, functionName: 'addressOf', args });
  const answer = parseHex(await chain.rpc('eth_call', [{ to: factory, data }, 'latest']));
  const factoryCalldata = encodeFunctionData({ abi: factoryAbi, functionName: 'deploy', args });
  return { account: `0x${answer.slice(-40)}`, factory, factoryCalldata };
}

/** Puts what Multicall3 is on public networks at an address of a test chain. */
export async function placeMulticall(chain: Chain, address: Address): Promise<void> {
  await chain.rpc('anvil_setCode', [address, runtimeOf('DevMulticall')]);
}

function freshAddress(): Address {
  return bytesToHex(randomBytes(20));
}

function runtimeOf(name: 'DevAccount' | 'DevAccountFactory' | 'DevMulticall'): Hex {
  const text = readFileSync(new URL(`../contracts/${name}.json`, import.meta.url), 'utf8');
  return parseHex(parseFields(JSON.parse(text)).runtime);
}
