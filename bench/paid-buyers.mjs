// Buyers in a process of their own. Each asks for an offer, signs it and pays: as many as can at once, one after another
// (`lanes`), or as many a second as told (`rate`), whatever the answers take.
import { Agent, request } from 'node:http';
import { addressOfKey } from '@tollbook/evm';
import { signPayment } from './sign-payment.mjs';

const [, , url, privateKey] = process.argv;
const payer = { key: Buffer.from(privateKey.slice(2), 'hex'), address: addressOfKey(privateKey) };
const agent = new Agent({ keepAlive: true });

function get(headers = {}) {
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent, headers }, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (text) => {
        body += text;
      });
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body }));
      answer.on('error', reject);
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** Null when it was paid and served, else what was said instead. */
async function buy() {
  try {
    const unpaid = await get();
    if (unpaid.status !== 402) return `offer ${unpaid.status}`;
    const offer = JSON.parse(Buffer.from(unpaid.headers['payment-required'], 'base64').toString());
    const answer = await get({ 'payment-signature': signPayment(offer.accepts[0], payer) });
    if (answer.status === 200) return null;
    return `payment ${answer.status} ${JSON.parse(answer.body).code}`;
  } catch (error) {
    return error.code ?? error.message;
  }
}

function counts() {
  const failures = {};
  let paid = 0;
  const note = (failure) => {
    if (failure === null) paid += 1;
    else failures[failure] = (failures[failure] ?? 0) + 1;
  };
  return { note, told: (asked) => ({ asked, paid, failures }) };
}

async function buyInLanes({ lanes, seconds }) {
  const { note, told } = counts();
  const endsAt = performance.now() + seconds * 1000;
  let asked = 0;
  const lane = async () => {
    while (performance.now() < endsAt) {
      asked += 1;
      note(await buy());
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return told(asked);
}

async function buySteadily({ rate, seconds }) {
  const { note, told } = counts();
  const count = Math.round(rate * seconds);
  const startedAt = performance.now();
  const running = [];
  await new Promise((resolve) => {
    const timer = setInterval(() => {
      while (running.length < count && startedAt + (running.length * 1000) / rate <= performance.now()) {
        running.push(buy().then(note));
      }
      if (running.length < count) return;
      clearInterval(timer);
      resolve();
    }, 1);
  });
  await Promise.all(running);
  return told(count);
}

process.on('message', async (order) => {
  process.send(order.rate ? await buySteadily(order) : await buyInLanes(order));
});
process.on('disconnect', () => process.exit(0));
process.send({ type: 'ready', url });
