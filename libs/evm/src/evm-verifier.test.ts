import { AssertionFailed, type Authorization } from '@tollbook/domain';
import { type AuthorizationFate, ChainUnavailable, type SignedAuthorization } from '@tollbook/usecases';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { encodeErrorResult, parseAbi } from 'viem/utils';
import { describe, expect, it } from 'vitest';
import { hashOf } from '../test/scripted-chain.js';
import { type ScriptedCall, ScriptedError, scriptedNode } from '../test/scripted-node.js';
import { signAuthorization, usdcChainId } from '../test/sign-authorization.js';
import { createEvmChainReader } from './evm-chain-reader.js';
import { createEvmVerifier } from './evm-verifier.js';
import { selectors } from './token-abi.js';

const account = privateKeyToAccount(generatePrivateKey());
const curveOrder = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const word = (value: bigint) => `0x${value.toString(16).padStart(64, '0')}`;
const revert = (text: string) =>
  new ScriptedError(
    3,
    `execution reverted: ${text}`,
    encodeErrorResult({ abi: parseAbi(['error Error(string)']), errorName: 'Error', args: [text] }),
  );

type Script = {
  /** Answers to authorizationState, one after the other; the last one stays. */
  readonly states?: readonly unknown[];
  readonly balance?: unknown;
  readonly simulation?: unknown;
  readonly fate?: AuthorizationFate | null;
  readonly code?: unknown;
};

function verifierOf(script: Script) {
  const states = [...(script.states ?? [word(0n)])];
  const node = scriptedNode((call) => answer(script, states, call));
  const reader = createEvmChainReader({ network: 'eip155:84532', rpc: node.rpc });
  const verifier = createEvmVerifier({
    rpc: node.rpc,
    reader: { ...reader, authorizationFate: async () => script.fate ?? null },
    chainId: usdcChainId,
    senderAddress: '0x00000000000000000000000000000000000000ee',
    simulationTag: 'pending',
  });
  return { verifier, node };
}

function answer(script: Script, states: unknown[], { method, params }: ScriptedCall): unknown {
  if (method === 'eth_getCode') return script.code ?? '0x';
  if (method === 'eth_getBlockByNumber') {
    return { number: '0x9', hash: hashOf(9), parentHash: hashOf(8), timestamp: '0x1' };
  }
  const data = String(Object(params[0]).data);
  if (data.startsWith(selectors.authorizationState)) return states.length > 1 ? states.shift() : states[0];
  if (data.startsWith(selectors.balanceOf)) return script.balance ?? word(10_000n);
  return script.simulation ?? '0x';
}

describe('checkSignature', () => {
  const { verifier, node } = verifierOf({});
  const isPlausible = async (signed: SignedAuthorization) =>
    (await verifier.checkSignature(signed)).kind === 'plausible';

  it('is true of the payer and asks no node', async () => {
    const signed = await signAuthorization(account);
    expect(await isPlausible(signed)).toBe(true);
    expect(await isPlausible({ ...signed, signature: `0x${signed.signature.slice(2).toUpperCase()}` })).toBe(true);
    expect(node.bodies).toHaveLength(0);
  });

  it.each<[string, (authorization: Authorization) => Partial<Authorization>]>([
    ['payer', () => ({ from: '0x00000000000000000000000000000000000000bb' })],
    ['recipient', () => ({ to: '0x00000000000000000000000000000000000000bb' })],
    ['value', ({ valueAtomic }) => ({ valueAtomic: valueAtomic + 1n })],
    ['start', () => ({ validAfterUnixSeconds: 1n })],
    ['end', ({ validBeforeUnixSeconds }) => ({ validBeforeUnixSeconds: validBeforeUnixSeconds + 1n })],
    ['nonce', () => ({ nonce: hashOf(1) })],
    ['value beyond uint256', () => ({ valueAtomic: 2n ** 256n })],
    ['negative start', () => ({ validAfterUnixSeconds: -1n })],
    ['nonce of another length', () => ({ nonce: '0x01' })],
    ['recipient that is no address', () => ({ to: 'nobody' })],
  ])('is false of another %s', async (_name, change) => {
    const signed = await signAuthorization(account);
    const authorization = { ...signed.authorization, ...change(signed.authorization) };
    expect(await isPlausible({ ...signed, authorization })).toBe(false);
  });

  it('is false of another domain', async () => {
    const signed = await signAuthorization(account);
    const asset = { ...signed.asset, eip712: { name: 'USD Coin', version: '2' } };
    expect(await isPlausible({ ...signed, asset })).toBe(false);
  });

  it('is false of every spelling but the canonical one', async () => {
    const signed = await signAuthorization(account);
    const r = signed.signature.slice(2, 66);
    const s = BigInt(`0x${signed.signature.slice(66, 130)}`);
    const v = Number.parseInt(signed.signature.slice(130), 16);
    const spell = (sValue: bigint, vValue: number) =>
      `0x${r}${word(sValue).slice(2)}${vValue.toString(16).padStart(2, '0')}`;
    expect(spell(s, v)).toBe(signed.signature);
    const others = [
      spell(curveOrder - s, v === 27 ? 28 : 27),
      spell(s, v - 27),
      spell(s, v + 8),
      spell(0n, v),
      `0x${'0'.repeat(64)}${signed.signature.slice(66)}`,
      `0x${'f'.repeat(64)}${signed.signature.slice(66)}`,
      `${signed.signature}00`,
      signed.signature.slice(0, 130),
      signed.signature.slice(2),
      '0x',
      '',
    ];
    for (const signature of others) expect(await isPlausible({ ...signed, signature })).toBe(false);
  });

  it('is false of an r that lies on no point', async () => {
    const signed = await signAuthorization(account);
    const signatures = [5n, 6n, 7n, 8n, 9n].map((r) => `${word(r)}${signed.signature.slice(66)}`);
    for (const signature of signatures) expect(await isPlausible({ ...signed, signature })).toBe(false);
  });

  it('refuses to judge for another network', async () => {
    const signed = await signAuthorization(account);
    const asset = { ...signed.asset, network: 'eip155:8453' };
    await expect(verifier.checkSignature({ ...signed, asset })).rejects.toThrow(AssertionFailed);
  });
});

describe('verify', () => {
  const judge = async (script: Script) => verifierOf(script).verifier.verify(await signAuthorization(account));

  it('accepts what the chain would carry out, in one body', async () => {
    const { verifier, node } = verifierOf({});
    expect(await verifier.verify(await signAuthorization(account))).toEqual({ kind: 'accepted', signer: 'key' });
    expect(node.bodies).toHaveLength(1);
    expect(node.bodies.flat().map(({ params }) => params[1])).toEqual(['pending', 'pending', 'pending']);
  });

  it('refuses a signature that no key could have made, having asked once whether the payer is a contract', async () => {
    const { verifier, node } = verifierOf({});
    const signed = { ...(await signAuthorization(account)), signature: '0x00' };
    expect(await verifier.checkSignature(signed)).toMatchObject({ kind: 'refused', received: 'one of nobody' });
    expect(await verifier.verify(signed)).toMatchObject({ reason: 'signature_invalid' });
    expect(node.bodies.flat().map(({ method }) => method)).toEqual(['eth_getCode']);
  });

  it('asks a contract by simulating its transfer with the signature as it came', async () => {
    const { verifier, node } = verifierOf({ code: '0x60', simulation: revert('FiatTokenV2: invalid signature') });
    const signed = { ...(await signAuthorization(account)), signature: `0x${'5a'.repeat(97)}` };
    expect(await verifier.checkSignature(signed)).toEqual({ kind: 'plausible', signer: 'contract' });
    expect(await verifier.verify(signed)).toMatchObject({ kind: 'refused', reason: 'signature_invalid' });
    const simulated = String(Object(node.bodies[1]?.[2]?.params[0]).data);
    expect(simulated.startsWith(selectors.transferWithAuthorizationBytes)).toBe(true);
    expect(simulated.endsWith(`${'5a'.repeat(97)}${'00'.repeat(31)}`)).toBe(true);
  });

  it.each([
    ['an error', new ScriptedError(-32000, 'header not found')],
    ['no hex', 7],
  ])('throws ChainUnavailable on a code that is %s', async (_name, code) => {
    const signed = { ...(await signAuthorization(account)), signature: '0x00' };
    await expect(verifierOf({ code }).verifier.checkSignature(signed)).rejects.toThrow(ChainUnavailable);
  });

  it('refuses a short balance', async () => {
    const short = { balance: word(9_999n), simulation: revert('ERC20: transfer amount exceeds balance') };
    expect(await judge(short)).toEqual({ kind: 'refused', reason: 'insufficient_funds', rawReason: 'balance 9999' });
  });

  it('refuses what reverts, in the words of the chain', async () => {
    expect(await judge({ simulation: revert('FiatTokenV2: authorization is expired') })).toEqual({
      kind: 'refused',
      reason: 'verification_refused',
      rawReason: 'FiatTokenV2: authorization is expired',
    });
  });

  it.each([
    [new ScriptedError(-32000, 'execution reverted'), 'reverted without a reason'],
    [new ScriptedError(-32603, "VM Exception: reverted with reason string 'paused'"), "'paused'"],
    [new ScriptedError(-32015, 'VM execution error.', `Reverted ${revert('paused').data}`), 'paused'],
    [new ScriptedError(3, 'execution reverted', `0x4e487b71${word(17n).slice(2)}`), 'panic 0x11'],
    [new ScriptedError(-32000, 'out of gas'), 'out of gas'],
  ])('knows a revert in the dialects of nodes: %j', async (simulation, rawReason) => {
    expect(await judge({ simulation })).toEqual({ kind: 'refused', reason: 'verification_refused', rawReason });
  });

  it('tells who burnt a used nonce, whatever balance and simulation say', async () => {
    const used = { states: [word(1n)], balance: word(0n), simulation: revert('FiatTokenV2: anything') };
    const txHash = hashOf(1, '7a');
    expect(await judge({ ...used, fate: { kind: 'used', txHash, blockNumber: 1n } })).toEqual({
      kind: 'spent',
      by: 'transfer',
      txHash,
    });
    expect(await judge({ ...used, fate: { kind: 'canceled', txHash, blockNumber: 1n } })).toMatchObject({
      by: 'cancellation',
    });
    expect(await judge({ ...used, fate: null })).toEqual({ kind: 'spent', by: 'unclear', txHash: null });
  });

  it('looks again when the use came between two calls of the body', async () => {
    const simulation = revert('FiatTokenV2: authorization is used or canceled');
    expect(await judge({ states: [word(0n), word(1n)], simulation })).toMatchObject({ kind: 'spent' });
    expect(await judge({ states: [word(0n), word(1n)], balance: word(0n) })).toMatchObject({ kind: 'spent' });
  });

  it('never believes the words alone that a nonce is used', async () => {
    const simulation = revert('FiatTokenV2: authorization is used or canceled');
    expect(await judge({ simulation })).toMatchObject({ kind: 'refused', reason: 'verification_refused' });
  });

  it.each<[string, Script]>([
    ['a simulation that failed for reasons of the node', { simulation: new ScriptedError(-32000, 'header not found') }],
    ['a simulation over the rate limit', { simulation: new ScriptedError(-32005, 'rate limit exceeded') }],
    ['a balance that is no word', { balance: '0x' }],
    ['a balance that is an error', { balance: new ScriptedError(-32000, 'missing trie node') }],
    ['a state that is no flag', { states: [word(2n)] }],
    ['a state that is empty, as of no contract', { states: ['0x'] }],
  ])('throws ChainUnavailable on %s', async (_name, script) => {
    await expect(judge(script)).rejects.toThrow(ChainUnavailable);
  });
});
