/**
 * Pictures of every page of the dashboard, from seeded data: `node scripts/screens.mjs [--payments N]`. Starts a
 * product of its own in a folder that it removes again, and writes docs/screens/*.png: light at 1440 and 390 wide, and
 * dark at 1440 for the pages that show most.
 */
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import packed from '@sparticuz/chromium';
import { chromium } from 'playwright-core';

const root = resolve(import.meta.dirname, '..');
const folder = join(root, 'docs/screens');
const cli = join(root, 'apps/cli/bin/tollbook.js');
const email = 'owner@example.com';
const password = 'a long enough password';
const startMsMax = 60_000;
const asked = process.argv.indexOf('--payments');
const seeded = asked === -1 ? 2_000 : Number(process.argv[asked + 1]);

const linkTo = (begin) => `main a[href^="${begin}"]`;
const finalPayment = 'main :is(tr, li):has-text("Final") a[href^="/test/payments/pi_"]';

const pages = [
  { name: 'overview', path: '/test', isDarkToo: true },
  { name: 'payments', path: '/test/payments', isDarkToo: true },
  { name: 'payment', path: (base) => firstLink(base, '/test/payments', finalPayment), isDarkToo: true },
  { name: 'failures', path: '/test/failures' },
  { name: 'unmatched', path: '/test/unmatched' },
  { name: 'reports', path: '/test/reports' },
  { name: 'endpoints', path: '/test/endpoints' },
  {
    name: 'endpoint',
    path: (base) => firstLink(base, '/test/endpoints', linkTo('/test/endpoints/ep_')),
    isDarkToo: true,
  },
  { name: 'endpoint-new', path: '/test/endpoints/new' },
  { name: 'limits', path: '/test/limits' },
  { name: 'webhooks', path: '/test/webhooks' },
  { name: 'webhook', path: (base) => firstLink(base, '/test/webhooks', linkTo('/test/webhooks/whe_')) },
  { name: 'health', path: '/test/health' },
  { name: 'audit', path: '/test/audit' },
  { name: 'settings', path: '/test/settings' },
];

async function main() {
  const product = await startProduct();
  const browser = await openBrowser();
  const receiver = await startReceiver();
  try {
    if (seeded > 0) await product.run('seed', '--payments', String(seeded));
    for (let n = 0; n < 4; n += 1) await product.run('pay', `${product.url}/g/demo/weather`);
    mkdirSync(folder, { recursive: true });
    const state = await signIn(browser, product.url);
    await furnish(browser, state, { product, receiverUrl: receiver.url });
    for (const width of [1440, 390]) await shoot(browser, state, { url: product.url, width, colorScheme: 'light' });
    await shoot(browser, state, { url: product.url, width: 1440, colorScheme: 'dark' });
  } finally {
    await browser.close();
    await product.stop();
    receiver.close();
  }
}

/** What a shop looks like that has been used: a price that was changed, limits that hold, somebody held back. */
async function furnish(browser, storageState, { product, receiverUrl }) {
  const { url } = product;
  const context = await browser.newContext({ storageState, baseURL: url });
  const send = async (method, path, data) => {
    const headers = { 'tollbook-book': 'demo', origin: url };
    const answer = await context.request.fetch(path, { method, headers, ...(data ? { data } : {}) });
    if (!answer.ok()) throw new Error(`${method} ${path} answered ${answer.status()}: ${await answer.text()}`);
    return answer.json();
  };
  const { data } = await send('GET', '/v1/endpoints');
  const weather = data.find(({ path }) => path === '/weather');
  await send('POST', `/v1/endpoints/${weather.id}/prices`, { amount: '0.02', reason: 'The upstream got dearer' });
  const webhooks = await send('GET', '/v1/webhook-endpoints');
  if (webhooks.data.length === 0) await send('POST', '/v1/webhook-endpoints', { url: receiverUrl });
  // Money that no offer explains, as somebody sends it who skipped the invoice.
  const { evm, merchant } = await send('GET', '/sandbox/info');
  await send('POST', '/sandbox/faucet', {
    network: `eip155:${evm.chainId}`,
    address: merchant.evmAddress,
    amount: '0.5',
  });
  for (let n = 0; n < 3; n += 1) await product.run('pay', `${url}/g/demo/weather`);
  await send('PATCH', `/v1/rate-limits/${weather.id}`, { paidPerMinute: 60, unpaidPerMinute: 20, reason: 'A crawler' });
  for (let n = 0; n < 28; n += 1) await fetch(`${url}/g/demo/weather`);
  await context.close();
}

async function shoot(browser, storageState, { url, width, colorScheme }) {
  const height = width < 768 ? 844 : 900;
  const context = await browser.newContext({ storageState, colorScheme, viewport: { width, height } });
  const page = await context.newPage();
  const suffix = `${colorScheme === 'dark' ? '-dark' : ''}${width < 768 ? '-phone' : ''}`;
  for (const { name, path, isDarkToo = false } of pages) {
    if (colorScheme === 'dark' && !isDarkToo) continue;
    const address = typeof path === 'string' ? path : await path({ page, url });
    await page.goto(url + address);
    await settle(page);
    await page.screenshot({ path: join(folder, `${name}${suffix}.png`) });
    console.log(`docs/screens/${name}${suffix}.png`);
  }
  if (colorScheme === 'light') {
    await context.clearCookies();
    await page.goto(`${url}/sign-in`);
    await settle(page);
    await page.screenshot({ path: join(folder, `sign-in${suffix}.png`) });
  }
  await context.close();
}

/** Everything that was asked for is there, the chart too, and the stream is open. */
async function settle(page) {
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForFunction(() => document.querySelector('[aria-label="Loading"]') === null);
  await page.waitForTimeout(1_200);
}

async function firstLink({ page, url }, list, selector) {
  await page.goto(url + list);
  const link = page.locator(selector).first();
  await link.waitFor({ timeout: 60_000 });
  return link.getAttribute('href');
}

async function signIn(browser, url) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${url}/sign-in`);
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/test');
  const state = await context.storageState();
  await context.close();
  return state;
}

async function openBrowser() {
  const own = process.env.TOLLBOOK_TEST_CHROMIUM;
  return chromium.launch({
    executablePath: own ?? (await packed.executablePath()),
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
}

async function startProduct() {
  const dataDir = mkdtempSync(join(tmpdir(), 'tollbook-screens-'));
  chmodSync(dataDir, 0o711);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    ...process.env,
    PORT: String(port),
    TOLLBOOK_DATA_DIR: dataDir,
    TOLLBOOK_ADMIN_EMAIL: email,
    TOLLBOOK_ADMIN_PASSWORD: password,
  };
  const child = spawn(process.execPath, [cli, 'start'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((done) => child.once('exit', done));
  await new Promise((ready, failed) => {
    const timer = setTimeout(() => failed(new Error('the product did not start in time')), startMsMax);
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      if (!text.includes('Tollbook is ready at')) return;
      clearTimeout(timer);
      ready();
    });
    child.once('exit', () => failed(new Error('the product ended before it was ready')));
  });
  return {
    url,
    run: (...args) => run(env, args),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Where webhooks are taken when the product has nobody of its own to take them. */
function startReceiver() {
  const server = createHttpServer((request, response) => {
    request.resume();
    request.once('end', () => response.writeHead(204).end());
  });
  return new Promise((done) => {
    server.listen(0, '127.0.0.1', () => {
      done({ url: `http://127.0.0.1:${server.address().port}/webhooks`, close: () => server.closeAllConnections() });
      server.unref();
    });
  });
}

function run(env, args) {
  const child = spawn(process.execPath, [cli, ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  return new Promise((done, failed) => {
    child.once('exit', (code) => (code === 0 ? done() : failed(new Error(`tollbook ${args[0]} ended with ${code}`))));
  });
}

function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

await main();
