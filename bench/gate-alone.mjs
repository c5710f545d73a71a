// The gate with an offer on two networks, on a server of its own: a book of the sandbox has one. Prints its URL.
import { buildSealKey, buildTerms, scriptedFacilitators } from '@tollbook/testing';
import { cryptoPort } from '@tollbook/vault';
import { fastify } from 'fastify';
import { handleGate } from '../apps/api/dist/gate/gate-handler.js';
import { GateRoute } from '../apps/api/dist/gate/gate-route.js';
import { GateSnapshot } from '../apps/api/dist/gate/gate-snapshot.js';
import { OfferCounts } from '../apps/api/dist/gate/offer-counts.js';
import { RecentFinds } from '../apps/api/dist/gate/recent-finds.js';
import { AnswerWriter } from '../apps/api/dist/gate/write-answer.js';

const publicUrl = 'http://127.0.0.1:4020';
const [sepolia] = buildTerms().networks;
const base = {
  ...sepolia,
  network: 'eip155:8453',
  assetText: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913',
  asset: { ...sepolia.asset, eip712: { name: 'USD Coin', version: '2' } },
};
const endpoint = {
  ...{ endpointId: '01900000-0000-7000-8000-000000000002', method: 'GET', path: '/weather', isEnabled: true },
  ...{ description: 'GET /weather', upstreamUrl: 'http://127.0.0.1/', timeoutMs: 1_000, requiresIdentifier: false },
  limits: { paid: null, unpaid: null },
  terms: [buildTerms({ networks: [sepolia, base] })],
};
const book = {
  ...{ bookId: 1, merchantId: '01900000-0000-7000-8000-000000000001', mode: 'test', gateSlug: 'demo' },
  ...{ timeZone: 'UTC', configVersion: 1n, overrides: new Map(), facilitators: [], endpoints: [endpoint] },
};
const { secret, ...key } = buildSealKey();
const snapshot = new GateSnapshot({
  store: {
    versions: async () => ({ books: [book], nowMs: Date.now() }),
    loadBook: async () => book,
    sealKeys: async () => [{ ...key, secretSealed: secret }],
    beat: async () => {},
  },
  sealer: { open: (sealed) => sealed },
  ...{ crypto: cryptoPort, publicUrl, bootId: 'bench', report: console.error, learnDataKeys: async () => {} },
});
await snapshot.start();
const counts = new Map();
const deps = {
  purchase: { crypto: cryptoPort, facilitators: scriptedFacilitators(), chainOf: () => ({ hasGasSigner: true }) },
  recent: new RecentFinds(snapshot),
  ...{ snapshot, publicUrl, writer: new AnswerWriter(publicUrl), report: console.error },
  count: (code) => counts.set(code, (counts.get(code) ?? 0) + 1),
  offerCounts: new OfferCounts({ save: async () => {} }, console.error),
};
const route = new GateRoute();
route.open((request, response) => void handleGate(deps, request, response));
const app = fastify();
await app.register(route.plugin);
const url = await app.listen({ host: '127.0.0.1', port: 0 });
process.send?.({ type: 'ready', url: `${url}/g/demo/weather` });
process.on('disconnect', () => process.exit(0));
