// One side of the paid benchmark. `gate`: takes payments as the api does, with the facilitator behind HTTP, the upstream
// and the node answering at once. `floor`: reads the same headers, checks the same signatures, inserts one row each.
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { createGateConfigStore, createPaymentStore, createPool, createSetupStore, loadCatalog } from '@tollbook/db';
import { evmExtra, requestFingerprint, resourceTag } from '@tollbook/domain';
import { addressOfKey, createEvmVerifier } from '@tollbook/evm';
import { createRateLimiter } from '@tollbook/limits';
import { createOutboundClient } from '@tollbook/outbound';
import { ExposureGauge, InFlight, issueOffer, RateTally, SettleSlots, takePayment } from '@tollbook/usecases';
import { createSealer, cryptoPort, parseMasterKey, Vault } from '@tollbook/vault';
import { decodePaymentHeaders, paymentHeadersOf } from '@tollbook/x402';
import { HttpFacilitator } from '../libs/facilitator/dist/remote-facilitator.js';
import { signPayment } from './sign-payment.mjs';

const [, , mode, settingsText] = process.argv;
const settings = JSON.parse(settingsText);
const payersCount = 200;
/** As many as the api has. */
const poolMax = 12;
const answerBody = Buffer.from(JSON.stringify({ weather: 'sunny', temperature: 70 }));

const pool = createPool(settings.databaseUrl, { role: 'tollbook_app', max: poolMax, applicationName: `bench ${mode}` });
// A machine that is busy is no outage.
pool.options.connectionTimeoutMillis = 10_000;
const catalog = await loadCatalog(pool);
const config = createGateConfigStore({ pool, catalog });
const [known] = (await config.versions()).books;
const book = await config.loadBook(known);
const [endpoint] = book.endpoints;
const [terms] = endpoint.terms;
const [entry] = terms.networks;
const chainId = Number(entry.network.split(':')[1]);
const { sha256 } = cryptoPort;
const request = { endpointId: endpoint.endpointId, method: 'GET', path: '/weather', pricedQuery: [], bodySha256: null };
const tag = resourceTag(request, sha256);
const sealKey = {
  keyId: 1,
  secret: randomBytes(32),
  sealFromUnixSeconds: 0,
  sealUntilUnixSeconds: 2 ** 32 - 1,
  isRevoked: false,
};
const verifier = createEvmVerifier({ rpc: undefined, reader: undefined, chainId });
const payers = Array.from({ length: payersCount }, newPayer);
const take = mode === 'gate' ? await openGate() : takeBare;
let prepared = [];

process.on('message', async (message) => {
  if (message.kind === 'prepare')
    prepared = Array.from({ length: message.payments }, (_, n) => sign(payers[n % payersCount]));
  process.send(message.kind === 'prepare' ? {} : { seconds: await drive(message.inFlight) });
});
process.on('disconnect', () => process.exit(0));
process.send({});

/** So many lanes take one payment after another; what runs after an answer is waited for at the end. */
async function drive(inFlight) {
  const afterwards = [];
  const begun = performance.now();
  const lane = async () => {
    for (let payment = prepared.pop(); payment; payment = prepared.pop()) afterwards.push(await take(payment));
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  await Promise.all(afterwards.map((after) => after?.promise));
  return (performance.now() - begun) / 1000;
}

async function takeBare(rawHeaders) {
  const { payment, payload } = decodePaymentHeaders(paymentHeadersOf(rawHeaders));
  const { authorization, signature } = payment;
  const check = await verifier.checkSignature({ asset: entry.asset, authorization, signature });
  if (check.kind !== 'plausible') throw new Error('a payment of the benchmark is not signed by its payer');
  const key = createHash('sha256').update(`${authorization.from}/${authorization.nonce}`).digest();
  const text = 'insert into bench_floor (replay_key, payload) values ($1, $2)';
  await pool.query({ name: 'bench_floor', text, values: [key, payload] });
}

async function openGate() {
  const vault = new Vault(parseMasterKey(settings.masterKey));
  for (const key of await createSetupStore({ pool, catalog }).dataKeys()) vault.addDataKey(key);
  const http = createOutboundClient({ allowCidrs: ['127.0.0.0/8'], userAgent: 'bench' });
  const remote = new HttpFacilitator({
    ...{ facilitatorId: settings.facilitatorId, url: settings.facilitatorUrl, credentials: null, http },
    ...{ verifiesFirst: false, trustsRefusals: false, nowMs: Date.now, publicUrl: 'http://127.0.0.1' },
    settleTimeoutMs: 30_000,
  });
  await remote.probe();
  const store = createPaymentStore({ pool, catalog });
  const bootId = randomUUID();
  await config.beat(bootId);
  const reportFailure = (error) => console.error(error);
  const quiet = { onAway: () => {}, onBack: () => {}, onUncounted: () => {} };
  // What a node says is not measured here: it accepts at once, and has seen nothing of what facilitators name.
  const node = { ...verifier, verify: async () => ({ kind: 'accepted', signer: 'key' }) };
  const deps = {
    ...{ store, sealer: createSealer(vault), crypto: cryptoPort, clock: { nowMs: Date.now }, catalog, bootId },
    ...{ failpoint: () => {}, reportFailure, formatAddress: (_network, address) => address },
    chainOf: () => ({ reader: { receipt: async () => null }, verifier: node }),
    facilitators: { chosenFor: () => [{ kind: 'remote', remote }], remoteOf: () => remote },
    ...{ sealKeyOf: () => sealKey, currentSealKey: () => sealKey, termsOf: async () => null },
    ...{ inFlight: new InFlight(), settleSlots: new SettleSlots(), sightWaitMs: 1_000 },
    exposure: new ExposureGauge(store, catalog, { perPayer: 10n ** 9n, perEndpoint: 10n ** 9n, total: 10n ** 9n }),
    ...{ payerLimiter: createRateLimiter({ kind: 'memory' }, quiet), rateTally: new RateTally() },
  };
  const answered = { kind: 'answered', answer: { httpStatus: 200, headers: [], body: answerBody } };
  return async (rawHeaders) => {
    const { payment, payload } = decodePaymentHeaders(paymentHeadersOf(rawHeaders));
    const outcome = await takePayment(deps, {
      ...{ book, endpoint, presented: payment, payload, method: 'GET', resourceTag: tag, client: 'bench' },
      requestFingerprint: requestFingerprint(request, { rawQuery: '', contentType: '', bodySha256: sha256() }, sha256),
      ...{ isResourceUrlEqual: null, clientNet: Buffer.alloc(16), callUpstream: async () => answered },
      signal: new AbortController().signal,
    });
    if (outcome.kind !== 'served')
      throw new Error(`a payment of the benchmark was not served: ${JSON.stringify(outcome)}`);
    // In an object: a promise would be awaited before the lane goes on.
    return { promise: outcome.afterAnswer(true) };
  };
}

function newPayer() {
  const key = randomBytes(32);
  return { key, address: addressOfKey(`0x${key.toString('hex')}`) };
}

/** The headers of one payment of a fresh offer. */
function sign(payer) {
  const offer = issueOffer(terms, tag, Math.floor(Date.now() / 1000), sealKey, cryptoPort);
  const accepted = {
    ...{ scheme: 'exact', network: entry.network, asset: entry.assetText, payTo: entry.payToText },
    ...{ amount: String(entry.amountAtomic), maxTimeoutSeconds: terms.maxTimeoutSeconds },
    extra: evmExtra({ ...offer, eip712: entry.asset.eip712 }),
  };
  return ['payment-signature', signPayment(accepted, payer)];
}
