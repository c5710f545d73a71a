import { readFileSync } from 'node:fs';
import axe from 'axe-core';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openBrowser } from './open-browser.js';
import { ownerEmail, ownerPassword, type Product, startProduct } from './product.js';
import { type Receiver, startReceiver } from './receiver.js';

const waitMs = 30_000;

let product: Product;
let browser: Browser;
let page: Page;
let receiver: Receiver;
const failures: string[] = [];

beforeAll(async () => {
  [product, browser, receiver] = await Promise.all([startProduct(), openBrowser(), startReceiver()]);
  page = await newPage(browser);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await product?.stop();
  await receiver?.close();
});

describe('a merchant at the dashboard', () => {
  let txHash = '';
  let invoiceNumber = '';

  it('is sent to the sign-in, and comes back to the page that was asked for', async () => {
    await page.goto(`${product.url}/test/payments`);
    await page.waitForURL('**/sign-in?next=*');
    await page.getByLabel('Email').fill(ownerEmail);
    await page.getByLabel('Password', { exact: true }).fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Password', { exact: true }).fill(ownerPassword);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL('**/test/payments');
    await seen(page.getByText('No payments yet'));
    await expect.poll(() => page.title()).toBe('Payments · Test · Tollbook');
  });

  it('names an address of theirs to be told, and sees its secret once', async () => {
    await page.goto(`${product.url}/test/webhooks`);
    await page.getByRole('button', { name: 'Create webhook' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Address').fill('http://10.0.0.1/hook');
    await dialog.getByRole('button', { name: 'Create webhook' }).click();
    await seen(dialog.getByText(/private|not allowed|may not|public/i).last());
    await dialog.getByLabel('Address').fill(receiver.url);
    await dialog.getByRole('button', { name: 'Create webhook' }).click();
    await seen(dialog.getByText(/^whsec_/));
    await dialog.getByRole('button', { name: 'I have stored it' }).click();
    await seen(page.getByRole('link', { name: receiver.url }));
  });

  it('sees a payment arrive without a reload, and become final', async () => {
    await page.goto(`${product.url}/test/payments`);
    await seen(page.getByRole('button', { name: 'Up to date', exact: true }));
    const marker = await mark(page);
    const paid = await product.run('pay', `${product.url}/g/demo/weather`);
    expect(paid.code).toBe(0);
    [txHash = ''] = /0x[0-9a-f]{64}(?=\s*\n.*network)/.exec(paid.output) ?? [];
    expect(txHash).toMatch(/^0x/);
    const row = page.getByRole('row').filter({ hasText: '0.01 USDC' });
    await seen(row);
    await seen(row.getByText(/Settling|Confirmed|Final/));
    await row.getByRole('link').first().click();
    await page.waitForURL('**/test/payments/pi_*');
    await seen(page.getByText(txHash).first(), 'attached');
    await seen(page.getByRole('heading', { level: 1, name: '0.01 USDC' }));
    await seen(page.getByRole('list').getByText('Final', { exact: true }).first());
    for (const step of ['Offer issued', 'Payment claimed', 'Settlement sent', 'Answer served', 'Confirmed']) {
      await seen(page.getByText(step, { exact: true }).first());
    }
    await page.getByRole('tab', { name: 'Ledger' }).click();
    await seen(page.getByText('Payment confirmed'));
    invoiceNumber =
      (await page
        .getByText(/^INV-\d{4}-\d{6}$/)
        .first()
        .textContent()) ?? '';
    expect(invoiceNumber).toMatch(/^INV-/);
    expect(await isMarked(page, marker)).toBe(true);
  });

  it('finds the payment by its transaction hash', async () => {
    await page.getByLabel('Find a payment').fill(txHash);
    await page.getByLabel('Find a payment').press('Enter');
    await page.waitForURL(`**/test/payments?q=${txHash}`);
    await seen(page.getByText('1 payment', { exact: true }));
  });

  it('opens an offer by its reference, before and after it was paid', async () => {
    const offer = await fetch(`${product.url}/g/demo/weather`);
    const reference = offer.headers.get('x402-invoice-id') ?? '';
    await page.getByLabel('Find a payment').fill(reference);
    await page.getByLabel('Find a payment').press('Enter');
    await page.waitForURL(`**/test/offers/${reference}`);
    await seen(page.getByRole('heading', { level: 1, name: 'Offer of 0.01 USDC' }));
    await seen(page.getByText('Open', { exact: true }));
    await seen(page.getByText('none yet'));
    await page.goto(`${product.url}/test/payments?q=${txHash}`);
    await page.getByRole('row').filter({ hasText: '0.01 USDC' }).getByRole('link').first().click();
    await page.waitForURL('**/test/payments/pi_*');
    await page.getByRole('link', { name: 'open', exact: true }).click();
    await page.waitForURL('**/test/offers/inv_*');
    await seen(page.getByText('Paid', { exact: true }));
    await page.getByRole('link', { name: 'GET /weather' }).click();
    await page.waitForURL('**/test/endpoints/ep_*');
    await page.goto(`${product.url}/test/offers/inv_${'a'.repeat(80)}`);
    await seen(page.getByText('The offer could not be opened'));
  });

  it('goes by keys alone: to what it finds, to a page, and never while somebody types', async () => {
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder(/^Go to a page/).fill(txHash);
    await seen(page.getByRole('dialog').getByText(/Confirmed|Final/));
    await page.keyboard.press('Enter');
    await page.waitForURL('**/test/payments/pi_*');
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    await page.waitForURL('**/test/payments');
    await seen(page.getByRole('row').filter({ hasText: '0.01 USDC' }));
    await page.keyboard.press('j');
    await page.keyboard.press(' ');
    await page.waitForURL('**/test/payments?peek=pi_*');
    await seen(page.getByRole('complementary').getByText('Offer issued'));
    await page.keyboard.press('Escape');
    await page.waitForURL('**/test/payments');
    await page.keyboard.press('/');
    await page.keyboard.type('go');
    await page.waitForURL('**/test/payments?q=go');
  });

  it('plays what may become of a payment, from the rail', async () => {
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Scenarios' }).click();
    await page.waitForURL('**/test/scenarios');
    await page.getByRole('button', { name: 'Play A buyer without funds' }).click();
    await seen(page.getByRole('status').getByText('402 insufficient_funds'));
    await page.getByRole('link', { name: 'Watch its payment' }).click();
    await page.waitForURL('**/test/payments?payer=*');
    await seen(page.getByRole('row').filter({ hasText: '0.01 USDC' }));
  });

  it('sets what an endpoint takes in and lets stand at risk, and says at the field what cannot be', async () => {
    await page.goto(`${product.url}/test/endpoints`);
    await page.getByRole('link', { name: 'GET /weather' }).click();
    await page.getByRole('tab', { name: 'Settings' }).click();
    await page.getByLabel('Largest request').fill('17');
    await page.getByRole('button', { name: 'Save sizes' }).click();
    await seen(page.getByText(/16777216 bytes [(]16 MiB[)], because it is held in memory/));
    await page.getByLabel('Largest request').fill('0.5');
    await page.getByLabel('May stand at risk').fill('250');
    await page.getByRole('button', { name: 'Save sizes' }).click();
    await seen(page.getByText('They hold from now on.'));
    await page.reload();
    await page.getByRole('tab', { name: 'Settings' }).click();
    expect(await page.getByLabel('Largest request').inputValue()).toBe('0.5 MiB');
    expect(await page.getByLabel('May stand at risk').inputValue()).toBe('250');
  });

  it('changes a price, and the gate quotes it within a second', async () => {
    await page.goto(`${product.url}/test/endpoints`);
    await page.getByRole('link', { name: 'GET /weather' }).click();
    await page.getByLabel('New price').fill('0.02');
    await page.getByLabel('Reason').fill('Weather got dearer');
    await seen(page.getByText(/"amount": "20000"/).first());
    await page.getByRole('button', { name: 'Publish price' }).click();
    await seen(page.getByText(/is the price now/));
    await vi.waitFor(
      async () => {
        const offer = await fetch(`${product.url}/g/demo/weather`);
        expect([offer.status, offer.headers.get('x402-amount')]).toEqual([402, '0.02']);
      },
      { timeout: 1_000, interval: 20 },
    );
    await page.getByRole('tab', { name: 'History' }).click();
    await seen(page.getByText('Weather got dearer'));
    await page.goto(`${product.url}/test/audit`);
    await seen(page.getByText(/Weather got dearer/).first());
  });

  it('is limited, and sees it on the page', async () => {
    await page.goto(`${product.url}/test/limits`);
    await page.getByRole('button', { name: 'Set limits' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Calls').nth(1).fill('2');
    await dialog.getByRole('button', { name: 'Save limits' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await vi.waitFor(async () => expect((await fetch(`${product.url}/g/demo/weather`)).status).toBe(429), {
      timeout: 10_000,
      interval: 100,
    });
    await seen(page.getByText(/[1-9]\d* held back/).first());
  });

  it('excepts who is held back, and takes it back', async () => {
    await page.getByRole('button', { name: /^Except / }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Let through').click();
    await dialog.getByRole('button', { name: 'Save exception' }).click();
    await vi.waitFor(async () => expect((await fetch(`${product.url}/g/demo/weather`)).status).toBe(402), {
      timeout: 10_000,
      interval: 100,
    });
    await page.getByRole('button', { name: /^Take back the exception/ }).click();
    await dialog.getByRole('button', { name: 'Take back exception' }).click();
    await seen(page.getByText('everybody is counted').first());
  });

  it('resends a webhook and reads the try', async () => {
    await page.goto(`${product.url}/test/webhooks`);
    await page.getByRole('link', { name: receiver.url }).click();
    await page.getByRole('button', { name: 'payment_intent.confirmed' }).first().click();
    const panel = page.getByRole('dialog');
    await seen(panel.getByText('Try 1'));
    await panel.getByRole('button', { name: 'Resend webhook' }).click();
    await seen(page.getByText('It is sent again, under the same id.'));
    await seen(panel.getByText('Try 2'));
    await expect.poll(() => receiver.ids.length - new Set(receiver.ids).size).toBeGreaterThan(0);
  });

  it('exports the day, and finds the payment in the file', async () => {
    await page.goto(`${product.url}/test/reports?range=today`);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Payments as CSV' }).click(),
    ]);
    const csv = readFileSync(await download.path(), 'utf8');
    expect(csv).toContain(txHash);
    expect(csv).toContain(invoiceNumber);
  });

  it('is told in words, with a request id, when one card fails, and the others keep working', async () => {
    await page.route('**/v1/wallets*', (route) =>
      route.fulfill({
        status: 500,
        contentType: 'application/problem+json',
        body: JSON.stringify({ ...brokenProblem, requestId: 'req_test' }),
      }),
    );
    await page.goto(`${product.url}/test/settings`);
    await seen(page.getByText('Wallets could not be loaded'));
    await seen(page.getByText('req_test'));
    await seen(page.getByRole('table', { name: 'API keys' }).or(page.getByText('No key yet')));
    await page.unroute('**/v1/wallets*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await seen(page.getByRole('table', { name: 'Wallets' }));
  });

  it('met no error of the page and nothing that its security policy refused', () => {
    expect(failures).toEqual([]);
  });
});

const brokenProblem = {
  type: 'urn:tollbook:problem:internal',
  title: 'Something is broken on our side',
  status: 500,
  code: 'internal',
  detail: 'The request could not be handled; the operator was told.',
};

describe('axe finds nothing', () => {
  const pages = [
    '/sign-in',
    '/test',
    '/test/payments',
    '/test/failures',
    '/test/refusals',
    '/test/scenarios',
    '/test/unmatched',
    '/test/reports',
    '/test/endpoints',
    '/test/endpoints/new',
    '/test/limits',
    '/test/webhooks',
    '/test/health',
    '/test/audit',
    '/test/settings',
  ];

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`on every page, ${colorScheme}, wide and on a phone, and no page scrolls sideways`, async () => {
      const visitor = await browser.newContext({ colorScheme, storageState: await page.context().storageState() });
      const tab = await visitor.newPage();
      const found: string[] = [];
      const details = [
        await firstOf('/test/payments/'),
        await firstOf('/test/endpoints/'),
        await firstOf('/test/webhooks/'),
      ];
      const panels = [await openDelivery(), await openPeek()];
      for (const path of [...pages, ...details, ...panels, '/sandbox/inbox', await payPage()]) {
        if (path === '/sign-in') await visitor.clearCookies();
        else await visitor.addCookies(await page.context().cookies());
        await resize(tab, 1440);
        await tab.goto(product.url + path);
        // By its tag: an open dialog takes what is behind it out of the accessibility tree.
        await tab.locator('h1').first().waitFor();
        if (path.includes('delivery=')) await tab.getByRole('dialog').waitFor();
        await expect.poll(() => tab.locator('[aria-label="Loading"]').count(), { timeout: waitMs }).toBe(0);
        for (const width of [1440, 768, 390, 320]) {
          await resize(tab, width);
          const here = `${path} at ${width}`;
          if (isLookedAt(width)) found.push(...(await axeOn(tab)).map((each) => `${here}: ${each}`));
          const overflow = await tab.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
          if (overflow) found.push(`${here}: scrolls sideways`);
        }
      }
      await visitor.close();
      expect(found).toEqual([]);
    });
  }
});

/** The rules look at markup, which is of two kinds: tables, and the cards that stand for them on a phone. */
function isLookedAt(width: number): boolean {
  return width === 1440 || width === 390;
}

/** Resolves when the page has been laid out anew. */
async function resize(tab: Page, width: number): Promise<void> {
  await tab.setViewportSize({ width, height: 900 });
  await tab.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** The address of the first thing on a list page. */
async function firstOf(folder: string): Promise<string> {
  await page.goto(product.url + folder.slice(0, -1));
  const href = await page.locator(`main a[href^="${folder}"]:not([href$="/new"])`).first().getAttribute('href');
  return String(href);
}

/** A webhook with one of its deliveries open. */
async function openDelivery(): Promise<string> {
  const { data } = await (await page.request.get(`${product.url}/v1/deliveries?limit=1`)).json();
  return `/test/webhooks/${data[0].webhookEndpointId}?delivery=${data[0].id}`;
}

/** The list of payments with one of them open beside it. */
async function openPeek(): Promise<string> {
  const { data } = await (await page.request.get(`${product.url}/v1/payments?limit=1`)).json();
  return `/test/payments?peek=${data[0].id}`;
}

/** The page of an invoice, as a person pays it. */
async function payPage(): Promise<string> {
  const { data } = await (await page.request.get(`${product.url}/v1/payments?limit=1`)).json();
  return `/pay/${data[0].invoiceId}`;
}

async function axeOn(tab: Page): Promise<string[]> {
  // Evaluated, not added as an element: the page's policy lets no inline script in, and shall not for a test either.
  await tab.evaluate(axe.source);
  return tab.evaluate(async () => {
    const { axe: inPage } = window as unknown as {
      axe: { run: (options: object) => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await inPage.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] });
    return violations.map(({ id, nodes }) => `${id} at ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  });
}

async function newPage(from: Browser): Promise<Page> {
  const context = await from.newContext({ viewport: { width: 1440, height: 900 }, acceptDownloads: true });
  const tab = await context.newPage();
  tab.on('pageerror', (error) => failures.push(error.message));
  tab.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) failures.push(message.text());
  });
  return tab;
}

function seen(locator: Locator, state: 'visible' | 'attached' = 'visible'): Promise<void> {
  return locator.waitFor({ state, timeout: waitMs });
}

/** Something that a reload would lose. */
async function mark(tab: Page): Promise<string> {
  const marker = 'not reloaded';
  await tab.evaluate((text) => {
    document.documentElement.dataset.marker = text;
  }, marker);
  return marker;
}

function isMarked(tab: Page, marker: string): Promise<boolean> {
  return tab.evaluate((text) => document.documentElement.dataset.marker === text, marker);
}
