// The reference middleware as its README sets it up, with one endpoint on two networks.
import { createServer } from 'node:http';
import { HTTPFacilitatorClient } from '@x402/core/server';
import { ExactEvmScheme } from '@x402/evm/exact/server';
import { paymentMiddleware, x402ResourceServer } from '@x402/express';
import express from 'express';

const networks = ['eip155:84532', 'eip155:8453'];

/** It only has to say what it settles: nobody pays here. */
const facilitator = createServer((_request, response) => {
  const kinds = networks.map((network) => ({ x402Version: 2, scheme: 'exact', network }));
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ kinds, extensions: [], signers: {} }));
});
await new Promise((resolve) => facilitator.listen(0, '127.0.0.1', resolve));

const server = new x402ResourceServer(
  new HTTPFacilitatorClient({ url: `http://127.0.0.1:${facilitator.address().port}` }),
);
for (const network of networks) server.register(network, new ExactEvmScheme());
const accepts = networks.map((network) => ({
  ...{ scheme: 'exact', price: '$0.01', network, payTo: `0x${'aa'.repeat(20)}` },
}));
const app = express();
app.use(
  paymentMiddleware({ 'GET /weather': { accepts, description: 'GET /weather', mimeType: 'application/json' } }, server),
);
app.get('/weather', (_request, response) => response.json({ temperature: 21 }));
const listening = app.listen(0, '127.0.0.1', () => {
  process.send?.({ type: 'ready', url: `http://127.0.0.1:${listening.address().port}/weather` });
});
process.on('disconnect', () => process.exit(0));
