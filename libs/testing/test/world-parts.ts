import { uuidV7 } from '@tollbook/domain';
import { createRateLimiter } from '@tollbook/limits';
import {
  buildSealKey,
  type FakeChain,
  fakeChainReader,
  type NodeFaults,
  scriptedFacilitators,
  scriptedSettlement,
  scriptedVerifier,
  testClock,
  testCrypto,
  testSealer,
} from '@tollbook/testing';
import {
  type Catalog,
  type ChainReader,
  ExposureGauge,
  InFlight,
  type ProofVerifier,
  type PurchaseDeps,
  RateTally,
  SettleSlots,
  type SlotLimits,
  TransferWaits,
  type WorkerDeps,
} from '@tollbook/usecases';
import { CrashPlan } from './crash.js';
import type { WorldDatabase } from './world-database.js';

const quiet = { onAway: () => {}, onBack: () => {}, onUncounted: () => {} };

/** What gates and worker of one world share: one chain with its node, one signer, one clock. */
export type WorldParts = ReturnType<typeof createParts>;

export function createParts(db: WorldDatabase, chain: FakeChain, seed: string, confirmDepth: number | undefined) {
  const { assets, networks } = db.catalog;
  const depth = confirmDepth === undefined ? {} : { confirmDepth };
  const catalog: Catalog = { assets, networks: networks.map((each) => ({ ...each, ...depth })) };
  const node: NodeFaults = {};
  const { randomBytes } = testCrypto(`${seed}/processes`);
  return {
    chain,
    seed,
    /** Names a process: the same ones in the same order for the same seed. */
    newProcessId: () => uuidV7(0, randomBytes(10)),
    catalog,
    node,
    readers: new Map<string, ChainReader>([[chain.network, fakeChainReader(chain, node)]]),
    clock: testClock(),
    verifier: scriptedVerifier(),
    settlement: scriptedSettlement(chain),
    facilitators: scriptedFacilitators(),
    sealKey: buildSealKey(),
    exposureCaps: { perPayer: 1_000n, perEndpoint: 10_000n, total: 10_000n },
    sightWaitMs: 2_000,
    slotLimits: undefined as SlotLimits | undefined,
    transferWaitMs: 0,
    /** Shared by the gates, as the store of the real one is. */
    payerLimiter: createRateLimiter({ kind: 'memory' }, quiet),
    /** What gates reported without changing an answer. */
    failures: [] as unknown[],
  };
}

/** A signature that says who made it, and of what. */
export function signatureOf(address: string, text: string): string {
  return `${address} signed ${text}`;
}

const scriptedProofs: ProofVerifier = {
  isSignedBy: ({ address, text, signature }) => Promise.resolve(signature === signatureOf(address, text)),
};

/** A process that takes payments, as the database knows it. */
export type Gate = { readonly bootId: string; readonly deps: PurchaseDeps; readonly crashes: CrashPlan };

/** Starts a gate; it is seen for as long as the test runs, unless it is killed. */
export async function openGate(db: WorldDatabase, parts: WorldParts): Promise<Gate> {
  const bootId = parts.newProcessId();
  const crashes = new CrashPlan();
  await db.rows(`insert into gate_processes (boot_id, seen_at) values ($1, now() + interval '1 hour')`, [bootId]);
  const { chain, catalog, clock, failures, readers, sealKey, verifier, settlement } = parts;
  const reader = readers.get(chain.network);
  if (!reader) throw new Error('the network of the world has a node');
  const deps: PurchaseDeps = {
    store: db.payments,
    sealer: testSealer(),
    crypto: testCrypto(bootId),
    clock,
    failpoint: crashes.failpoint,
    reportFailure: (error) => failures.push(error),
    catalog,
    formatAddress: (_network, address) => address,
    chainOf: (network) =>
      network === chain.network
        ? { reader, verifier, settlement, proofs: scriptedProofs, hasGasSigner: true }
        : undefined,
    facilitators: parts.facilitators,
    sealKeyOf: (keyId) => (keyId === sealKey.keyId ? sealKey : undefined),
    currentSealKey: () => sealKey,
    termsOf: (number) => db.config.terms(number),
    bootId,
    inFlight: new InFlight(),
    settleSlots: new SettleSlots(parts.slotLimits),
    exposure: new ExposureGauge(db.payments, parts.catalog, parts.exposureCaps, 0),
    sightWaitMs: parts.sightWaitMs,
    payerLimiter: parts.payerLimiter,
    rateTally: new RateTally(),
    shown: { store: db.shown, waits: new TransferWaits(), waitMs: parts.transferWaitMs, host: 'pay.test' },
  };
  return { bootId, deps, crashes };
}

/** A worker process: another holder of leases at each start. */
export function newWorker(db: WorldDatabase, parts: WorldParts, crashes: CrashPlan): WorkerDeps {
  const holder = parts.newProcessId();
  return {
    store: db.chain,
    sweep: db.sweep,
    failpoint: crashes.failpoint,
    readerOf: (network) => parts.readers.get(network),
    settlementOf: (network) => (network === parts.chain.network ? parts.settlement : undefined),
    holder,
    crypto: testCrypto(holder),
    catalog: parts.catalog,
    formatAddress: (_network, address) => address,
  };
}
