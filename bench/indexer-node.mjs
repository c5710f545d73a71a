// A node that counts what it is asked and refuses wide ranges as providers do: before a real chain, or of a chain that is
// made up block by block, so that a day of Base needs no hours of mining.

import { createHash } from 'node:crypto';
import { createServer } from 'node:http';

const transferTopic = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef';
const usedTopic = '0x98de503528ee59b575ef0c0a2576a82497bfc029a5685b209e9ec333479b10a5';

/** Before `answer`, which is given single calls. A range above `rangeMax` is refused in the words of Alchemy. */
export async function startNode({ answer, rangeMax }) {
  const counts = { requests: 0, calls: 0, logRequests: 0, logCalls: 0, refused: 0 };
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const body = JSON.parse(text);
    const calls = Array.isArray(body) ? body : [body];
    counts.requests += 1;
    counts.calls += calls.length;
    const logs = calls.filter(({ method }) => method === 'eth_getLogs');
    if (logs.length > 0) counts.logRequests += 1;
    counts.logCalls += logs.length;
    const answers = await Promise.all(
      calls.map(async (call) => ({ jsonrpc: '2.0', id: call.id, ...(await one(call)) })),
    );
    if (answers.some(({ error }) => error)) counts.refused += 1;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(Array.isArray(body) ? answers : answers[0]));
  });

  async function one({ method, params }) {
    if (method === 'eth_getLogs') {
      const [{ fromBlock, toBlock }] = params;
      if (Number(toBlock) - Number(fromBlock) + 1 > rangeMax) {
        const message = `You can make eth_getLogs requests with up to a ${rangeMax} block range.`;
        return { error: { code: -32600, message } };
      }
    }
    return { result: await answer(method, params) };
  }

  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    counts,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A chain of `blocks` blocks, every `every`th of them with one authorized transfer to one of the wallets. */
export function madeUpChain({ blocks, every, contract, wallets, finalLag }) {
  const startUnixSeconds = 1_790_000_000;
  const hash = (kind, number) => `0x${createHash('sha256').update(`${kind} ${number}`).digest('hex')}`;
  const hex = (number) => `0x${number.toString(16)}`;
  const topicOf = (address) => `0x${address.slice(2).padStart(64, '0')}`;
  const header = (number) => ({
    number: hex(number),
    hash: hash('block', number),
    parentHash: hash('block', number - 1),
    timestamp: hex(startUnixSeconds + 2 * number),
  });
  const logsOf = (number) => {
    if (number === 0 || number % every !== 0) return [];
    const payer = topicOf(`0x${hash('payer', number).slice(2, 42)}`);
    const place = {
      address: contract,
      blockNumber: hex(number),
      blockHash: hash('block', number),
      blockTimestamp: hex(startUnixSeconds + 2 * number),
      transactionHash: hash('tx', number),
      removed: false,
    };
    const data = `0x${(10_000).toString(16).padStart(64, '0')}`;
    return [
      { ...place, topics: [usedTopic, payer, hash('nonce', number)], data: '0x', logIndex: '0x3' },
      { ...place, topics: [transferTopic, payer, topicOf(wallets[number % wallets.length])], data, logIndex: '0x4' },
    ];
  };
  const matches = (topics, filter) =>
    filter.every((wanted, at) => wanted === null || [wanted].flat().includes(topics[at]));
  return (method, params) => {
    if (method === 'eth_blockNumber') return hex(blocks);
    if (method === 'eth_getBlockByNumber') {
      const number =
        params[0] === 'latest' ? blocks : params[0] === 'finalized' ? blocks - finalLag : Number(params[0]);
      return number > blocks ? null : header(number);
    }
    if (method !== 'eth_getLogs') throw new Error(`no ${method} here`);
    const [{ fromBlock, toBlock, topics }] = params;
    const found = [];
    for (let number = Number(fromBlock); number <= Number(toBlock); number += 1) {
      found.push(...logsOf(number).filter((log) => matches(log.topics, topics)));
    }
    return found;
  };
}
