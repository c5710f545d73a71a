import { randomBytes } from 'node:crypto';
import { type Transfer, uuidV7 } from '@tollbook/domain';
import type {
  AttemptFacts,
  Catalog,
  ChainStore,
  ClaimInput,
  IntentTerms,
  PaymentStore,
  SweepStore,
  TransferRecord,
  WatchedWallet,
} from '@tollbook/usecases';
import pg from 'pg';
import { createPool } from '../src/connect.js';
import { loadCatalog } from '../src/stores/catalog.js';
import { createChainStore } from '../src/stores/chain-store.js';
import { createPaymentStore } from '../src/stores/payment-store.js';
import { createSweepStore } from '../src/stores/sweep-store.js';
import { bookRows, insertRow } from './book-rows.js';
import { createMigratedDatabase } from './migrated-database.js';

export const network = 'eip155:84532';
/** The address of book 1's rows. */
export const gasSigner = `0x${'01'.repeat(20)}`;
const configuration = [
  'merchants',
  'books',
  'wallets',
  'wallet_assets',
  'endpoints',
  'price_versions',
  'terms_versions',
  'gas_signers',
] as const;

/** A migrated database with two books that sell, the three stores over it, and a connection that sees everything. */
export type PaymentWorld = {
  readonly url: string;
  readonly catalog: Catalog;
  readonly appPool: pg.Pool;
  readonly payments: PaymentStore;
  readonly chain: ChainStore;
  readonly sweep: SweepStore;
  /** Rows as they stand, read and written by hand, past the stores. */
  rows<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  end(): Promise<void>;
};

export async function createPaymentWorld(): Promise<PaymentWorld> {
  const database = await createMigratedDatabase();
  const owner = createOwnerPool(database.url);
  const client = await owner.connect();
  for (const bookId of [1, 2]) {
    const rows = bookRows(bookId);
    for (const table of configuration) await insertRow(client, table, rows.get(table) ?? {});
  }
  client.release();
  const appPool = createPool(database.url, { role: 'tollbook_app', max: 20, applicationName: 'test-app' });
  const workerPool = createPool(database.url, { role: 'tollbook_worker', max: 8, applicationName: 'test-worker' });
  // A machine that is busy with other tests is no outage.
  for (const pool of [appPool, workerPool]) pool.options.connectionTimeoutMillis = 10_000;
  const catalog = await loadCatalog(appPool);
  return {
    url: database.url,
    catalog,
    appPool,
    payments: createPaymentStore({ pool: appPool, catalog }),
    chain: createChainStore({ pool: workerPool, catalog }),
    sweep: createSweepStore({ pool: workerPool, catalog }),
    rows: async (text, values) => (await owner.query(text, values)).rows,
    end: async () => {
      await Promise.all([appPool.end(), workerPool.end(), owner.end()]);
      await database.drop();
    },
  };
}

/** The owner is a member of tollbook_worker, whose policies show every book. */
function createOwnerPool(url: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  pool.on('error', () => undefined);
  return pool;
}

/** A process that the database has just seen. */
export async function liveProcess(world: PaymentWorld): Promise<string> {
  const bootId = newUuid();
  await world.rows('insert into gate_processes (boot_id) values ($1)', [bootId]);
  return bootId;
}

export function newUuid(): string {
  return uuidV7(Date.now(), randomBytes(10));
}

export function hex(length: number): string {
  return `0x${randomBytes(length).toString('hex')}`;
}

/** What a test says about a claim; everything else is valid and its own. */
export type ClaimChanges = {
  readonly attempt?: Partial<AttemptFacts>;
  readonly intent?: Partial<IntentTerms>;
  readonly leaseOwner?: string;
  readonly leaseMs?: number;
};

/** A first payment on a fresh invoice of book 1. */
export function buildClaim(changes: ClaimChanges = {}): ClaimInput {
  const bookId = changes.attempt?.bookId ?? 1;
  const rows = bookRows(bookId);
  const priceVersion = rows.get('price_versions') ?? {};
  const wallet = rows.get('wallets') ?? {};
  const nowMs = Date.now();
  const shared = { network, assetId: 1, amountAtomic: 10_000n };
  return {
    attempt: {
      ...shared,
      bookId,
      attemptId: newUuid(),
      intentId: newUuid(),
      kind: 'authorization',
      replayKeyHash: bytes(32),
      payer: hex(20),
      nonce: hex(32),
      validBeforeUnixSeconds: Math.floor(nowMs / 1000) + 300,
      requestFingerprint: bytes(32),
      clientNet: bytes(16),
      client: 'test',
      x402Version: 2,
      createdAtMs: nowMs,
      ...changes.attempt,
    },
    intent: {
      ...shared,
      invoiceId: bytes(50),
      source: 'gate',
      termsNumber: BigInt(bookId),
      endpointId: String(priceVersion.endpoint_id),
      priceVersionId: String(priceVersion.price_version_id),
      walletId: String(wallet.wallet_id),
      fingerprint: bytes(32),
      expiresAtMs: nowMs + 300_000,
      ...changes.intent,
    },
    leaseOwner: changes.leaseOwner ?? newUuid(),
    leaseMs: changes.leaseMs ?? 70_000,
    payloadSealed: bytes(40),
    identifier: null,
  };
}

/** Another authorization on the invoice of `claim`; by the same payer for the same request, unless it says otherwise. */
export function anotherOn(claim: ClaimInput, attempt: Partial<AttemptFacts> = {}): ClaimInput {
  const facts = { attemptId: newUuid(), replayKeyHash: bytes(32), nonce: hex(32), ...attempt };
  return { ...claim, attempt: { ...claim.attempt, ...facts } };
}

/** The receiving wallet of a book, as the seed made it. */
export function walletOf(bookId: number): WatchedWallet {
  const wallet = bookRows(bookId).get('wallets') ?? {};
  return {
    bookId,
    walletId: String(wallet.wallet_id),
    address: `0x${Buffer.from(wallet.address as Uint8Array).toString('hex')}`,
    assetId: 1,
    contract: usdc,
    watchFromBlock: 0n,
    coveredFromBlock: 0n,
  };
}

export const usdc = '0x036cbd53842c5426634e7929541ec2318f3dcf7e';

/** A transfer to book 1 that carries no authorization. */
export function buildTransfer(changes: Partial<Transfer> = {}): Transfer {
  return {
    network,
    blockNumber: 100n,
    blockHash: hex(32),
    blockTimeUnixSeconds: 1_795_000_000,
    txHash: hex(32),
    position: 0,
    contract: usdc,
    from: hex(20),
    to: walletOf(1).address,
    amountAtomic: 10_000n,
    authorizationNonce: null,
    ...changes,
  };
}

/** The one row that a list must hold. */
export function only<T>(list: readonly T[]): T {
  const [first, ...rest] = list;
  if (first === undefined || rest.length > 0) throw new Error(`expected one, got ${list.length}`);
  return first;
}

export function byPosition(transfers: readonly TransferRecord[]): TransferRecord[] {
  return [...transfers].sort((a, b) => a.position - b.position);
}

function bytes(length: number): Uint8Array {
  return new Uint8Array(randomBytes(length));
}
