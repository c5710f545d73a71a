// Buyers in a process of their own: each asks for an offer, signs it and pays, again and again, until told to stop.
import { addressOfKey } from '@tollbook/evm';
import { signPayment } from './sign-payment.mjs';

const [, , url, privateKey, lanes] = process.argv;
const payer = { key: Buffer.from(privateKey.slice(2), 'hex'), address: addressOfKey(privateKey) };
let isRunning = false;
let paid = 0;

async function buy() {
  const unpaid = await fetch(url);
  await unpaid.arrayBuffer();
  const offer = JSON.parse(Buffer.from(unpaid.headers.get('payment-required'), 'base64').toString());
  const answer = await fetch(url, { headers: { 'payment-signature': signPayment(offer.accepts[0], payer) } });
  const body = await answer.text();
  if (!answer.ok) throw new Error(`a payment of the benchmark was answered with ${answer.status}: ${body}`);
  paid += 1;
}

async function run() {
  while (isRunning) await buy();
}

process.on('message', async ({ isStarted }) => {
  isRunning = isStarted;
  paid = 0;
  if (isStarted) await Promise.all(Array.from({ length: Number(lanes) }, run));
  process.send({ paid });
});
process.on('disconnect', () => process.exit(0));
process.send({ url });
