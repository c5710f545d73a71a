// What the gate adds to a facilitator that takes a fixed time: the facilitator asked directly, and a payment through the
// whole product, in turn. Nothing is waited for but the answer.
import { readSandboxState, requestOffer, signPayment } from '@tollbook/sandbox';
import { median, withSpread } from './median.mjs';
import { startProduct } from './product.mjs';
import { settleBy } from './settle-by.mjs';
import { startServer } from './start-server.mjs';

const delaysMs = [100, 500];
const payments = Number(process.env.PAYMENTS ?? 15);
const warmUps = 3;
const shareAtMost = 0.05;
const addedMsAtMost = 5;

export async function run() {
  for (const delayMs of delaysMs) {
    const facilitator = await startServer('./fixed-facilitator.mjs', [String(delayMs)]);
    const product = await startProduct();
    try {
      await settleBy(product, facilitator.url);
      report(delayMs, await measure(product, facilitator.url));
    } finally {
      await product.stop();
      facilitator.stop();
    }
  }
}

async function measure({ url, dataDir }, facilitatorUrl) {
  const weather = `${url}/g/demo/weather`;
  const privateKey = readSandboxState(dataDir).buyer.evmPrivateKey;
  const rounds = [];
  for (let round = -warmUps; round < payments; round += 1) {
    const offer = await requestOffer({ url: weather });
    const { headerName, rawHeader } = await signPayment({ offer, privateKey, version: 2 });
    const through = await timed(() => fetch(weather, { headers: { [headerName]: rawHeader } }));
    const body = JSON.stringify({ paymentPayload: JSON.parse(Buffer.from(rawHeader, 'base64')) });
    const direct = await timed(() => fetch(`${facilitatorUrl}/settle`, { method: 'POST', body }));
    if (round >= 0) rounds.push({ through, direct });
  }
  return rounds;
}

async function timed(call) {
  const startedAt = performance.now();
  const answer = await call();
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`a call was answered with ${answer.status}`);
  return performance.now() - startedAt;
}

function report(delayMs, rounds) {
  const added = rounds.map(({ through, direct }) => through - direct);
  const shares = rounds.map(({ through, direct }) => (through - direct) / direct);
  const mayBe = median(rounds.map(({ direct }) => direct)) * shareAtMost + addedMsAtMost;
  console.log(
    `facilitator of ${delayMs} ms: ${withSpread(
      rounds.map(({ direct }) => direct),
      1,
    )} ms directly`,
  );
  console.log(
    `through the gate ${withSpread(added, 1)} ms more (${withSpread(shares)}); wanted is ${mayBe.toFixed(1)} ms at most`,
  );
}
