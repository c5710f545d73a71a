import { createPool, createSetupStore, createWebhookStore, loadCatalog } from '@tollbook/db';
import { assert } from '@tollbook/domain';
import { checksumAddress, createEvmRpc } from '@tollbook/evm';
import { readSandboxState, type SandboxState } from '@tollbook/sandbox';
import {
  type BookRecord,
  type Catalog,
  demoSlug,
  inboxPath,
  type Sealer,
  type SetupStore,
  setUpDemo,
  setUpInbox,
} from '@tollbook/usecases';
import { createSealer, cryptoPort, randomBytes, sealedPlaces, type Vault } from '@tollbook/vault';
import { ensureDataKey, openVault } from '../open-vault.js';

const dayMs = 86_400_000;
/** Payment core, section 1: instance keys seal for 30 days. The worker draws the next ones ahead of time. */
const sealForMs = 30 * dayMs;
const sealLeftMsMin = 3_600_000;
/** The database's clock decides when a key may seal; ours may be a little ahead of it. */
const clockSlackMs = 5 * 60_000;
const sealKeyBytes = 32;

/** The sandbox's chain begins with block 0, in which nobody was paid. */
const sandboxWatchFromBlock = 1n;
const rpcTimeoutMs = 10_000;

export type SetupInput = {
  readonly databaseUrl: string;
  /** Gives the master key; a new one may be drawn only while nothing is sealed with another. */
  readonly loadMasterKey: (isInUse: boolean) => Buffer;
  /** Null while the sandbox is off. */
  readonly sandbox: {
    readonly dataDir: string;
    readonly upstreamUrl: string;
    /** Where the api answers, so that the demo merchant's webhooks arrive in its inbox; left out, they go nowhere. */
    readonly apiUrl?: string;
  } | null;
};

/**
 * Writes what every instance needs before it serves: its keys and, with the sandbox, its gas signer and demo merchant.
 * Running it again changes only what moved. Throws a VaultError when the master key is not this database's.
 */
export async function setUpInstance({ databaseUrl, loadMasterKey, sandbox }: SetupInput): Promise<void> {
  const pool = createPool(databaseUrl, { role: 'tollbook_app', max: 2, applicationName: 'tollbook setup' });
  try {
    const catalog = await loadCatalog(pool);
    const setup = createSetupStore({ pool, catalog });
    const dataKeys = await setup.dataKeys();
    const vault = openVault(loadMasterKey(dataKeys.length > 0), dataKeys);
    const sealer = createSealer(vault);
    await ensureDataKey(setup, vault, null);
    await ensureSealKey(setup, sealer, Date.now());
    if (sandbox === null) return;
    const state = readSandboxState(sandbox.dataDir);
    assert(state !== null, 'a sandbox that runs has written its state');
    const book = await setUpSandbox({ setup, vault, sealer, catalog, state, upstreamUrl: sandbox.upstreamUrl });
    if (sandbox.apiUrl === undefined) return;
    const webhooks = { store: createWebhookStore(pool), sealer, crypto: cryptoPort, clock: { nowMs: Date.now } };
    await setUpInbox(webhooks, book, `${sandbox.apiUrl}${inboxPath}`);
  } finally {
    await pool.end();
  }
}

async function ensureSealKey(setup: SetupStore, sealer: Sealer, nowMs: number): Promise<void> {
  await setup.ensureSealKey({
    secretSealed: sealer.seal(null, randomBytes(sealKeyBytes), sealedPlaces.sealKeySecret),
    sealFromMs: nowMs - clockSlackMs,
    sealUntilMs: nowMs + sealForMs,
    sealUntilMinMs: nowMs + sealLeftMsMin,
  });
}

async function setUpSandbox(parts: {
  readonly setup: SetupStore;
  readonly vault: Vault;
  readonly sealer: Sealer;
  readonly catalog: Catalog;
  readonly state: SandboxState;
  readonly upstreamUrl: string;
}): Promise<BookRecord> {
  const { setup, vault, sealer, catalog, state, upstreamUrl } = parts;
  const network = `eip155:${state.evm.chainId}`;
  const contract = state.evm.usdc.toLowerCase();
  const asset = catalog.assets.find((each) => each.network === network && each.contract === contract);
  assert(asset !== undefined, 'the catalogue has the token of the sandbox');
  const merchantId = await setup.ensureMerchant({ slug: demoSlug, name: 'Demo merchant' });
  await ensureDataKey(setup, vault, merchantId);
  await ensureGasSigner(setup, sealer, network, state);
  return setUpDemo(setup, {
    network,
    asset,
    assetText: checksumAddress(state.evm.usdc),
    walletAddress: checksumAddress(state.merchant.evmAddress),
    watchFromBlock: sandboxWatchFromBlock,
    upstreamUrl,
  });
}

async function ensureGasSigner(
  setup: SetupStore,
  sealer: Sealer,
  network: string,
  { evm, gasSigner }: SandboxState,
): Promise<void> {
  const address = gasSigner.evmAddress.toLowerCase();
  const known = await setup.gasSigners();
  if (known.some((signer) => signer.network === network && signer.address === address)) return;
  const rpc = createEvmRpc({ network, url: evm.rpcUrl, timeoutMs: rpcTimeoutMs });
  const nonce = await rpc.request('eth_getTransactionCount', [address, 'pending']);
  assert(typeof nonce === 'string' && /^0x[0-9a-f]+$/i.test(nonce), 'the sandbox counts its transactions');
  const keySealed = sealer.seal(null, new TextEncoder().encode(gasSigner.evmPrivateKey), sealedPlaces.gasSignerKey);
  await setup.ensureGasSigner({ network, address, keySealed, nextNonce: BigInt(nonce) });
}
