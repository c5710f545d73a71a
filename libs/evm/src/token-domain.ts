import type { Asset } from '@tollbook/domain';
import { ChainUnavailable } from '@tollbook/usecases';
import { decodeAbiParameters } from 'viem/utils';
import { domainSeparator } from './authorization-digest.js';
import type { EvmRpc } from './evm-rpc.js';
import { resultOf } from './evm-rpc.js';
import type { RpcOutcome } from './match-answers.js';
import { revertText } from './revert-text.js';
import { readHex, readWord } from './rpc-value.js';
import { selectors } from './token-abi.js';

/** What a contract says about itself; null for a getter that it lacks. */
export type TokenDomain = {
  readonly name: string | null;
  readonly version: string | null;
  readonly symbol: string | null;
  readonly decimals: number | null;
  /** Lower-case hex. */
  readonly domainSeparator: string | null;
};

/** Reads a token's name, version, symbol, decimals and EIP-712 domain separator; throws `ChainUnavailable`. */
export async function readTokenDomain(rpc: EvmRpc, contract: string): Promise<TokenDomain> {
  const getters = ['name', 'version', 'symbol', 'decimals', 'domainSeparator'] as const;
  const outcomes = await rpc.batch(
    getters.map((getter) => ({ method: 'eth_call', params: [{ to: contract, data: selectors[getter] }, 'latest'] })),
  );
  const [name, version, symbol, decimals, separator] = outcomes.map((outcome) => readGetter(rpc, outcome));
  const places = readWord(decimals);
  return {
    name: readText(name),
    version: readText(version),
    symbol: readText(symbol),
    decimals: places !== undefined && places <= 255n ? Number(places) : null,
    domainSeparator: readHex(separator, 32) ?? null,
  };
}

export type TokenCheck =
  | { readonly kind: 'ok' }
  | {
      readonly kind: 'mismatch';
      readonly field: 'code' | 'decimals' | 'symbol' | 'eip712';
      readonly expected: string;
      readonly received: string;
    };

/**
 * Whether there is a contract at an asset's address that is called, counts and signs as the asset says. Wrong decimals misprice, and under a
 * wrong EIP-712 domain no payment can ever be valid, so start-up refuses either. Throws `ChainUnavailable`.
 */
export async function checkToken(rpc: EvmRpc, asset: Asset, chainId: number): Promise<TokenCheck> {
  const code = readHex(await rpc.request('eth_getCode', [asset.contract, 'latest']));
  if (code === undefined) throw new ChainUnavailable(rpc.network, 'eth_getCode: the answer makes no sense');
  if (code === '0x') {
    return { kind: 'mismatch', field: 'code', expected: `a contract at ${asset.contract}`, received: 'none' };
  }
  const token = await readTokenDomain(rpc, asset.contract);
  if (token.decimals !== asset.decimals) {
    const received = token.decimals === null ? 'no decimals: not a token' : String(token.decimals);
    return { kind: 'mismatch', field: 'decimals', expected: String(asset.decimals), received };
  }
  if (token.symbol !== asset.symbol) {
    return { kind: 'mismatch', field: 'symbol', expected: asset.symbol, received: token.symbol ?? 'none' };
  }
  const expected = domainSeparator({ ...asset.eip712, chainId, contract: asset.contract });
  if (token.domainSeparator === expected) return { kind: 'ok' };
  const { name, version } = asset.eip712;
  const own = `name "${token.name ?? ''}", version "${token.version ?? ''}"`;
  return {
    kind: 'mismatch',
    field: 'eip712',
    expected: `name "${name}", version "${version}", chain ${chainId}`,
    received: `${own}, separator ${token.domainSeparator ?? 'none'}`,
  };
}

/** A getter's answer; undefined when the contract lacks it, which reverts, or when there is no contract at all. */
function readGetter(rpc: EvmRpc, outcome: RpcOutcome): `0x${string}` | undefined {
  if (outcome.kind === 'error' && revertText(outcome.error) !== null) return undefined;
  const hex = readHex(resultOf(rpc.network, 'eth_call', outcome));
  if (hex === undefined) throw new ChainUnavailable(rpc.network, 'eth_call: the answer makes no sense');
  return hex === '0x' ? undefined : hex;
}

function readText(hex: `0x${string}` | undefined): string | null {
  if (hex === undefined) return null;
  try {
    return decodeAbiParameters([{ type: 'string' }], hex)[0];
  } catch {
    return null;
  }
}
