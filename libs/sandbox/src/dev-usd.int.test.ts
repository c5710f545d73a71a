import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Address, createPublicClient, createWalletClient, type Hex, http, parseEventLogs, toHex } from 'viem';
import { baseSepolia } from 'viem/chains';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { devUsdAbi, usdcDomain } from './dev-usd.js';
import { startTestChain, type TestChain } from './test-chain.js';

const AUTHORIZATION_TYPES = {
  TransferWithAuthorization: [
    { name: 'from', type: 'address' },
    { name: 'to', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'validAfter', type: 'uint256' },
    { name: 'validBefore', type: 'uint256' },
    { name: 'nonce', type: 'bytes32' },
  ],
} as const;
const FAR_FUTURE_UNIX_SECONDS = 4_000_000_000n;
/** Runtime code that answers every call with the ERC-1271 magic value. */
const ANYTHING_IS_SIGNED = '0x631626ba7e60e01b5f5260205ff3';
const MERCHANT: Address = '0x00000000000000000000000000000000000000a1';

describe('DevUsd', () => {
  let chain: TestChain;
  beforeAll(async () => {
    chain = await startTestChain();
    await chain.mint(chain.account(1).address, 100n);
  });
  afterAll(() => chain.stop());

  it('is what its source compiles to', async () => {
    const script = fileURLToPath(new URL('../contracts/compile.mjs', import.meta.url));
    await expect(promisify(execFile)(process.execPath, [script, '--check'])).resolves.toBeDefined();
  });

  it('moves money by authorization, telling its use before the transfer', async () => {
    const nonce = toHex(1, { size: 32 });
    const hash = await settle({ value: 10n, nonce });
    const { logs } = await client().getTransactionReceipt({ hash });
    const from = chain.account(1).address;
    expect(parseEventLogs({ abi: devUsdAbi, logs }).map(({ eventName, args }) => ({ eventName, args }))).toEqual([
      { eventName: 'AuthorizationUsed', args: { authorizer: from, nonce } },
      { eventName: 'Transfer', args: { from, to: expect.stringMatching(new RegExp(MERCHANT, 'i')), value: 10n } },
    ]);
  });

  it('refuses what USDC refuses, with the same words', async () => {
    const nonce = toHex(2, { size: 32 });
    await settle({ value: 1n, nonce });
    await expect(settle({ value: 1n, nonce })).rejects.toThrow('FiatTokenV2: authorization is used or canceled');
    await expect(settle({ value: 10_000n })).rejects.toThrow('ERC20: transfer amount exceeds balance');
    await expect(settle({ value: 1n, validBefore: 1n })).rejects.toThrow('FiatTokenV2: authorization is expired');
    await expect(settle({ value: 1n, signer: 2 })).rejects.toThrow('FiatTokenV2: invalid signature');
    await ask('blacklist', [MERCHANT]);
    await expect(settle({ value: 1n })).rejects.toThrow('Blacklistable: account is blacklisted');
    await ask('unBlacklist', [MERCHANT]);
    await ask('pause', []);
    await expect(settle({ value: 1n })).rejects.toThrow('Pausable: paused');
    await ask('unpause', []);
  });

  it('asks the contract, and only the contract, where the payer is one', async () => {
    const payer = chain.account(3).address;
    await chain.mint(payer, 5n);
    await chain.rpc('anvil_setCode', [payer, ANYTHING_IS_SIGNED]);
    await settle({ value: 5n, from: payer, signer: 4 });
    expect(await chain.balanceOf(payer)).toBe(0n);
    await chain.rpc('anvil_setCode', [payer, '0x5f5ffd']);
    await chain.mint(payer, 5n);
    await expect(settle({ value: 5n, from: payer, signer: 3 })).rejects.toThrow('FiatTokenV2: invalid signature');
  });

  it('mints by signature once for each salt', async () => {
    const [first, second] = await Promise.all([chain.mint(MERCHANT, 1n), chain.mint(MERCHANT, 1n)]);
    const { input } = await client().getTransaction({ hash: first });
    const replay = { account: chain.account(0), to: chain.usdc, data: input };
    expect(first).not.toBe(second);
    await expect(client().call(replay)).rejects.toThrow('DevUsd: mint salt is used');
  });

  it('emits many payments in one chain tx for benches', async () => {
    await chain.mint(chain.minter.address, 1_000_000n);
    await ask('burst', [MERCHANT, 500n, toHex(7, { size: 32 })]);
    const logs = await client().getContractEvents({ address: chain.usdc, abi: devUsdAbi });
    expect(logs).toHaveLength(1_000);
  });

  function client() {
    return createPublicClient({ chain: baseSepolia, transport: http(chain.rpcUrl), pollingInterval: 20, cacheTime: 0 });
  }

  async function settle(wish: {
    value: bigint;
    nonce?: Hex;
    validBefore?: bigint;
    signer?: number;
    from?: Address;
  }): Promise<Hex> {
    const message = {
      from: wish.from ?? chain.account(1).address,
      to: MERCHANT,
      value: wish.value,
      validAfter: 0n,
      validBefore: wish.validBefore ?? FAR_FUTURE_UNIX_SECONDS,
      nonce: wish.nonce ?? toHex(crypto.getRandomValues(new Uint8Array(32))),
    };
    const signature = await chain.account(wish.signer ?? 1).signTypedData({
      domain: usdcDomain(chain.chainId),
      types: AUTHORIZATION_TYPES,
      primaryType: 'TransferWithAuthorization',
      message,
    });
    const { from, to, value, validAfter, validBefore, nonce } = message;
    return await send(chain.account(0), 'transferWithAuthorization', [
      ...[from, to, value, validAfter, validBefore, nonce, signature],
    ]);
  }

  function ask(functionName: 'blacklist' | 'unBlacklist' | 'pause' | 'unpause' | 'burst', args: readonly unknown[]) {
    return send(chain.minter, functionName, args);
  }

  async function send(account: TestChain['minter'], functionName: string, args: readonly unknown[]): Promise<Hex> {
    const wallet = createWalletClient({ account, chain: baseSepolia, transport: http(chain.rpcUrl) });
    const abi: readonly unknown[] = devUsdAbi;
    const hash = await wallet.writeContract({ address: chain.usdc, abi, functionName, args });
    await client().waitForTransactionReceipt({ hash });
    return hash;
  }
});
