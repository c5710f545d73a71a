import { type Authorization, amountAtomicMax, assert } from '@tollbook/domain';
import { ChainUnavailable, type SignedAuthorization } from '@tollbook/usecases';
import { decodeAbiParameters } from 'viem/utils';
import { authorizationDigest } from './authorization-digest.js';
import { type EcdsaSignature, readEcdsaSignature } from './ecdsa-signature.js';
import type { EvmRpc } from './evm-rpc.js';
import { recoverSigner } from './recover-signer.js';
import { readHex } from './rpc-value.js';

/** How a payer signed, as far as it can be told without asking a contract whether it did. */
export type PayerSignature =
  /** The payer's own key made it: proved here. */
  | { readonly kind: 'key'; readonly ecdsa: EcdsaSignature }
  /** The payer is a contract (ERC-1271): only the chain can ask it, and it may answer otherwise tomorrow. */
  | { readonly kind: 'contract'; readonly bytes: `0x${string}` }
  /** The payer is a contract that an allowed factory has yet to make (ERC-6492). */
  | ({ readonly kind: 'planned_contract' } & PlannedSignature)
  | { readonly kind: 'refused'; readonly expected: string; readonly received: string };

type PlannedSignature = {
  readonly factory: string;
  readonly factoryCalldata: `0x${string}`;
  readonly bytes: `0x${string}`;
};

export type ReadPayerSignature = (signed: SignedAuthorization) => Promise<PayerSignature>;

export type SignatureReaderOptions = {
  readonly rpc: EvmRpc;
  readonly chainId: number;
  /** Factories, lower-case, that may make a paying account; none by default. */
  readonly accountFactories?: ReadonlySet<string> | undefined;
  /** Milliseconds of any clock that never goes back; the process's by default. */
  readonly nowMs?: () => number;
};

/** As many as a busy second holds, since verifier and gateway ask about one payment soon after one another. */
const rememberedMax = 1_000;
const payersMax = 10_000;
/** How long an address without code is believed to have none. */
const codelessMs = 10_000;

/**
 * Reads signatures of one network's payers. A key's is proved at once, and no node is asked. Of any other the node is
 * asked whether there is a contract at all: what none could have signed is refused before anything is claimed. Throws
 * `ChainUnavailable`.
 */
export function createSignatureReader(options: SignatureReaderOptions): ReadPayerSignature {
  const { chainId } = options;
  const hasCode = codeLookup(options);
  const proved = new Map<string, PayerSignature>();
  return async (signed) => {
    const { asset, authorization, signature } = signed;
    assert(asset.network === `eip155:${chainId}`, 'a reader judges payments of its own network');
    if (!isEncodable(authorization)) return refused('numbers and addresses of the token', 'others');
    const key = keyOf(signed);
    const known = proved.get(key);
    if (known) return known;
    const ecdsa = readEcdsaSignature(signature);
    const signer = ecdsa && (await recoverSigner(authorizationDigest(asset, chainId, authorization), ecdsa));
    if (ecdsa && signer === authorization.from.toLowerCase()) {
      remember(proved, key, { kind: 'key', ecdsa }, rememberedMax);
      return { kind: 'key', ecdsa };
    }
    return readContractSignature(options, signed, signer ?? null, hasCode);
  };
}

/** The key that made a payment's signature, whoever it says pays; null where none could have. */
export async function recoverPayer(chainId: number, signed: SignedAuthorization): Promise<string | null> {
  const { asset, authorization, signature } = signed;
  const ecdsa = readEcdsaSignature(signature);
  if (!ecdsa || !isEncodable(authorization)) return null;
  return recoverSigner(authorizationDigest(asset, chainId, authorization), ecdsa);
}

async function readContractSignature(
  { accountFactories }: SignatureReaderOptions,
  { authorization, signature }: SignedAuthorization,
  signer: string | null,
  hasCode: CodeLookup,
): Promise<PayerSignature> {
  const bytes = readHex(signature);
  if (bytes === undefined) return refused('bytes in hex', 'something else');
  const isWrapped = bytes.endsWith(wrappedSuffix);
  const wrapped = isWrapped ? unwrap(bytes) : null;
  if (isWrapped && !wrapped) return refused('a signature wrapped as ERC-6492 says', 'other bytes before its suffix');
  const payer = authorization.from.toLowerCase();
  // An account that has been made since signs with what the wrapper holds.
  if (await hasCode(payer, wrapped !== null)) return { kind: 'contract', bytes: wrapped?.bytes ?? bytes };
  if (!wrapped) return refused(`a signature of ${payer}`, `one of ${signer ?? 'nobody'}`);
  if (accountFactories?.has(wrapped.factory)) return { kind: 'planned_contract', ...wrapped };
  return refused(
    'an account that is deployed, or made by an allowed factory',
    `one that ${wrapped.factory} has yet to deploy`,
  );
}

/** `0x6492…6492`, the 32 bytes that end every wrapped signature. */
const wrappedSuffix = '6492'.repeat(16);

function unwrap(signature: `0x${string}`): PlannedSignature | null {
  const body: `0x${string}` = `0x${signature.slice(2, -wrappedSuffix.length)}`;
  try {
    const [factory, factoryCalldata, bytes] = decodeAbiParameters(wrapperAbi, body);
    return { factory: factory.toLowerCase(), factoryCalldata, bytes };
  } catch {
    return null;
  }
}

const wrapperAbi = [{ type: 'address' }, { type: 'bytes' }, { type: 'bytes' }] as const;

/** The signature that a wrapper of ERC-6492 holds, or the bytes as they are; null for a wrapper that cannot be read. */
export function unwrapSignature(bytes: `0x${string}`): `0x${string}` | null {
  return bytes.endsWith(wrappedSuffix) ? (unwrap(bytes)?.bytes ?? null) : bytes;
}

type CodeLookup = (address: string, isChanging: boolean) => Promise<boolean>;

/** Whether an address has code. A contract stays one; an address without may get some soon, and is looked at again. */
function codeLookup({ rpc, nowMs = () => performance.now() }: SignatureReaderOptions): CodeLookup {
  const known = new Map<string, { readonly hasCode: boolean; readonly atMs: number }>();
  return async (address, isChanging) => {
    const seen = known.get(address);
    if (seen && (seen.hasCode || (!isChanging && nowMs() - seen.atMs < codelessMs))) return seen.hasCode;
    const code = readHex(await rpc.request('eth_getCode', [address, 'latest']));
    if (code === undefined) throw new ChainUnavailable(rpc.network, 'eth_getCode: the answer makes no sense');
    const hasCode = code !== '0x';
    remember(known, address, { hasCode, atMs: nowMs() }, payersMax);
    return hasCode;
  };
}

/** Keeps the newest `max` entries. */
function remember<Value>(map: Map<string, Value>, key: string, value: Value, max: number): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.size > max ? map.keys() : [];
  if (oldest !== undefined) map.delete(oldest);
}

function keyOf({ asset, authorization, signature }: SignedAuthorization): string {
  const { from, to, valueAtomic, validAfterUnixSeconds, validBeforeUnixSeconds, nonce } = authorization;
  const { name, version } = asset.eip712;
  const signed = [from, to, valueAtomic, validAfterUnixSeconds, validBeforeUnixSeconds, nonce, signature];
  return JSON.stringify([asset.contract, name, version, ...signed.map(String)]);
}

function refused(expected: string, received: string): PayerSignature {
  return { kind: 'refused', expected, received };
}

/** Whether every field fits its type in the token's interface; what does not was never signed for it. */
function isEncodable(authorization: Authorization): boolean {
  const { from, to, valueAtomic, validAfterUnixSeconds, validBeforeUnixSeconds, nonce } = authorization;
  const numbers = [valueAtomic, validAfterUnixSeconds, validBeforeUnixSeconds];
  const isAddress = (text: string) => /^0x[0-9a-f]{40}$/i.test(text);
  return (
    isAddress(from) &&
    isAddress(to) &&
    /^0x[0-9a-f]{64}$/i.test(nonce) &&
    numbers.every((number) => number >= 0n && number <= amountAtomicMax)
  );
}
