// A facilitator that says after a fixed time that it settled, whatever it was sent. Takes the milliseconds, prints its URL.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';

const network = 'eip155:84532';
const delayMs = Number(process.argv[2]);
const supported = { kinds: [{ x402Version: 2, scheme: 'exact', network }], extensions: [], signers: {} };

const server = createServer((request, response) => {
  const pieces = [];
  request.on('data', (piece) => pieces.push(piece));
  request.on('end', () => {
    if (request.url !== '/settle') return answer(response, supported);
    const { paymentPayload } = JSON.parse(Buffer.concat(pieces));
    const { from: payer } = paymentPayload.payload.authorization;
    const transaction = `0x${randomBytes(32).toString('hex')}`;
    setTimeout(() => answer(response, { success: true, transaction, network, payer }), delayMs);
  });
});

function answer(response, body) {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(body));
}

server.keepAliveTimeout = 72_000;
server.listen(0, '127.0.0.1', () => {
  process.send?.({ type: 'ready', url: `http://127.0.0.1:${server.address().port}` });
});
process.on('disconnect', () => process.exit(0));
