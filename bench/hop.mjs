// What the gate does with a paid request beside taking the payment: it calls the upstream and writes its answer. Takes
// the upstream's URL, prints its own.
import { createServer } from 'node:http';
import { createOutboundClient } from '@tollbook/outbound';
import { upstreamCall } from '../apps/api/dist/gate/call-upstream.js';
import { HeldBytes } from '../apps/api/dist/gate/held-bytes.js';
import { AnswerWriter } from '../apps/api/dist/gate/write-answer.js';

const [, , upstreamUrl, handling] = process.argv;
const outbound = createOutboundClient({ allowCidrs: ['127.0.0.0/8'] });
const writer = new AnswerWriter('http://127.0.0.1');
const endpoint = { path: '/hello', upstreamUrl, timeoutMs: 5_000 };
const attemptId = '01900000-0000-7000-8000-000000000002';
const receipt = {
  isSuccess: true,
  txHash: `0x${'ab'.repeat(32)}`,
  network: 'eip155:84532',
  payer: `0x${'cd'.repeat(20)}`,
};
const held = new HeldBytes();
const heldBytesMax = 1024 * 1024;

async function answer(request, response) {
  const hold = held.open();
  const { method, url, rawHeaders } = request;
  const parts = {
    method,
    path: url,
    rawQuery: '',
    rawHeaders,
    body: { kind: 'held', bytes: new Uint8Array() },
    hold,
    heldBytesMax,
  };
  const called = await upstreamCall(outbound, endpoint, parts)(attemptId, new AbortController().signal, handling);
  if (called.kind !== 'answered') throw new Error(called.reason);
  const outcome = {
    ...{ answer: called.answer, invoiceId: `inv_${'a'.repeat(80)}`, isReplay: false },
    receipt: { ...receipt, errorReason: null },
  };
  await writer.serve(response, outcome, 2);
  hold.release();
}

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(error);
    response.destroy();
  });
});
server.keepAliveTimeout = 72_000;
server.listen(0, '127.0.0.1', () => {
  process.send?.({ type: 'ready', url: `http://127.0.0.1:${server.address().port}/hello` });
});
process.on('disconnect', () => process.exit(0));
