/**
 * npm run test:compat: installs the clients, starts the product, and lets each client pay at the gateway and at a stored
 * intent. Prints who got through, and ends with 1 if anybody did not.
 */
import { readFileSync } from 'node:fs';
import { installApart } from '../scripts/install-apart.mjs';

const here = new URL('./', import.meta.url);
const { faucet, newBuyer, placeDevAccount, readSandboxState } = await import('@tollbook/sandbox');
const startAmount = 1_000_000n;
const wayMsMax = 120_000;

installApart(here);
const { clients } = await import('./clients.mjs');
const { throughGateway, throughIntent } = await import('./pay-and-check.mjs');
const { startProduct } = await import('./product.mjs');

const ways = { gateway: throughGateway, intent: throughIntent };
const product = await startProduct();
try {
  const rows = await Promise.all(clients.map((client) => runClient(client)));
  console.log(tableOf(rows));
  const failures = rows.flatMap(({ client, outcomes }) =>
    Object.entries(outcomes).flatMap(([way, error]) => (error === null ? [] : [{ client, way, error }])),
  );
  for (const { client, way, error } of failures) console.error(`\n${client.name}, ${way}: ${error.stack ?? error}`);
  if (failures.length > 0) process.exitCode = 1;
  console.log(`${rows.length * Object.keys(ways).length - failures.length} paid, ${failures.length} did not`);
} finally {
  await product.stop();
}

async function runClient(client) {
  const outcomes = {};
  for (const [way, pay] of Object.entries(ways)) {
    const paying = openWallet(client).then((wallet) => pay(product, client, wallet));
    outcomes[way] = await Promise.race([paying, timeLimit()]).then(
      () => null,
      (error) => error,
    );
  }
  return { client, outcomes };
}

/** Clients have no time limit of their own. */
function timeLimit() {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`no end within ${wayMsMax} ms`)), wayMsMax).unref();
  });
}

/** A wallet with play money that nobody has used before; a smart account is a contract that its owner signs for. */
async function openWallet({ isSmartAccount = false }) {
  const state = readSandboxState(product.dataDir);
  const owner = newBuyer();
  const rpc = (method, params = []) => callChain(state.evm.rpcUrl, method, params);
  const address = isSmartAccount ? await placeDevAccount({ rpc }, owner.address) : owner.address;
  const { chainId } = state.evm;
  const granted = await faucet(state, { network: `eip155:${chainId}`, address, amountAtomic: startAmount });
  if (granted.kind !== 'granted') throw new Error(`the faucet refused: ${granted.reason}`);
  return { address, privateKey: owner.privateKey };
}

async function callChain(url, method, params) {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const { result, error } = await answer.json();
  if (error) throw new Error(`${method}: ${error.message}`);
  return result;
}

function tableOf(rows) {
  const cells = rows.map(({ client, outcomes }) => [
    client.name,
    client.packages.map((name) => `${name} ${versionOf(name)}`).join(', '),
    `v${client.version}`,
    ...Object.values(outcomes).map((error) => (error === null ? 'ok' : 'FAILED')),
  ]);
  const all = [['client', 'packages', 'x402', ...Object.keys(ways)], ...cells];
  const widths = all[0].map((_, column) => Math.max(...all.map((row) => row[column].length)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function versionOf(name) {
  return JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, here), 'utf8')).version;
}
