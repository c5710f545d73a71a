import assert from 'node:assert/strict';
import { waitFor } from './wait-for.mjs';

const confirmedMsMax = 60_000;
const network = { 1: 'base-sepolia', 2: 'eip155:84532' };
const settlementHeader = { 1: 'x-payment-response', 2: 'payment-response' };

/** Through the gateway: the body is the upstream's own. */
export async function throughGateway(product, client, wallet) {
  const answer = await client.open(wallet)(`${product.url}/g/demo/weather`);
  const settled = checkAnswer(client, wallet, answer);
  assert.equal(JSON.parse(answer.body).place, 'Lisbon');
  const payment = await waitFor('the payment is listed', confirmedMsMax, async () => {
    const { data } = await product.api('GET', '/v1/payments?limit=100');
    return data.find((each) => each.txHash === settled.transaction);
  });
  await checkPayment(product, client, wallet, { id: payment.id, amount: '0.01', txHash: settled.transaction });
}

/** At a stored intent's own URL: whoever pays there pays that invoice, and gets its receipt. */
export async function throughIntent(product, client, wallet) {
  const orderId = `order of ${client.name}`;
  const intent = await product.api('POST', '/v1/payment-intents', { amount: '0.02', orderId });
  const answer = await client.open(wallet)(`${intent.paymentUrl}/x402`);
  const settled = checkAnswer(client, wallet, answer);
  const { status, paymentId, invoiceId, amount } = JSON.parse(answer.body);
  assert.deepEqual(
    { status, paymentId, invoiceId, amount, orderId: JSON.parse(answer.body).orderId },
    { status: 'paid', paymentId: intent.id, invoiceId: intent.invoiceId, amount: '0.02', orderId },
  );
  await checkPayment(product, client, wallet, { id: intent.id, amount: '0.02', txHash: settled.transaction });
}

/** A 2xx with the settlement in the header of the version that was spoken, and in no other. */
function checkAnswer(client, wallet, answer) {
  assert.equal(answer.status, 200, answer.body);
  const other = client.version === 1 ? 2 : 1;
  assert.equal(answer.header(settlementHeader[other]), null, 'a settlement header of the other version came along');
  const header = answer.header(settlementHeader[client.version]);
  assert.ok(header, `no ${settlementHeader[client.version]}`);
  const settled = JSON.parse(Buffer.from(header, 'base64').toString('utf8'));
  assert.equal(settled.success, true);
  assert.equal(settled.network, network[client.version]);
  assert.match(settled.transaction, /^0x[0-9a-f]{64}$/);
  assert.equal(settled.payer?.toLowerCase(), wallet.address.toLowerCase());
  return settled;
}

/** The merchant finds it with who paid, how, and sees it confirmed. */
async function checkPayment(product, client, wallet, { id, amount, txHash }) {
  const payment = await waitFor('the payment is confirmed', confirmedMsMax, async () => {
    const shown = await product.api('GET', `/v1/payments/${id}`);
    return ['confirmed', 'final'].includes(shown.status) && shown;
  });
  assert.deepEqual(
    { amount: payment.amount, txHash: payment.txHash, payer: payment.payer?.toLowerCase() },
    { amount, txHash, payer: wallet.address.toLowerCase() },
  );
  assert.deepEqual(
    payment.attempts.map((attempt) => [attempt.x402Version, attempt.clientFamily]),
    [[client.version, 'node']],
  );
}
