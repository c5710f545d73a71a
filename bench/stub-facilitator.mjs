// A facilitator that settles everything at once, in a process of its own: what is left is what Tollbook costs.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';

const network = process.argv[2];

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = JSON.stringify(request.url === '/settle' ? settled(JSON.parse(Buffer.concat(chunks))) : supported);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
    response.end(body);
  });
});

const supported = { kinds: [{ x402Version: 2, scheme: 'exact', network }] };

function settled({ paymentPayload }) {
  const { from: payer } = paymentPayload.payload.authorization;
  return { success: true, transaction: `0x${randomBytes(32).toString('hex')}`, network, payer };
}

server.listen(0, '127.0.0.1', () => process.send({ url: `http://127.0.0.1:${server.address().port}` }));
process.on('disconnect', () => process.exit(0));
