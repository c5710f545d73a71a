import { setTimeout as delay } from 'node:timers/promises';
import { faucet, newBuyer, readSandboxState, requestOffer, type SandboxState, sendTokens } from '@tollbook/sandbox';
import { CliError } from '../cli-error.js';
import { withDatabase } from '../open-database.js';
import type { Command } from '../parse-command.js';
import { readRuntime } from '../runtime-file.js';
import { handLinks, planSeed, type SeedStep, seedBuyers, strayTransfers } from '../seed/plan-seed.js';
import { buy, type SeedBuyer, type SeedOutcome } from '../seed/seed-buyer.js';
import { seedByHand } from '../seed/seed-by-hand.js';
import { type SeedShop, seedShop } from '../seed/seed-shop.js';
import type { Terminal } from '../terminal.js';

/** Purchases that run at once: more only wait for one another. */
const atOnce = 12;
const progressMs = 2_000;
const readyMs = 10_000;
/** What a buyer gets: enough for everything it may buy. */
const fundAtomic = 100_000_000n;

/**
 * `tollbook seed --payments N`: fills the demo merchant's test book by buying at its gate, so that every payment is
 * signed, settled on the sandbox's chain and booked like any other, and the books still prove. Test money only: there is
 * no sandbox elsewhere.
 */
export async function seedPayments(command: Extract<Command, { kind: 'seed' }>, terminal: Terminal): Promise<number> {
  return withDatabase('tollbook_app', async (database) => {
    const startedAt = performance.now();
    const { dataDir } = database.config;
    const state = readSandboxState(dataDir);
    const publicUrl = readRuntime(dataDir)?.publicUrl ?? database.config.publicUrl;
    if (state === null) {
      throw new CliError(`There is no sandbox in ${dataDir}. Payments are made up in its test book alone.`);
    }
    const shop = await seedShop(database, state);
    const gateUrl = `${publicUrl}/g/demo`;
    if (command.days > 1) {
      terminal.say('All of it happens today: the day of a payment is that of its block, and the chain lives now.');
    }
    await gateOpens(gateUrl, shop);
    const { payments } = command;
    const plan = planSeed(payments, shop.paths.length);
    terminal.say(`Funding ${seedBuyers(payments)} buyers.`);
    const buyers = await fundBuyers(state, seedBuyers(payments));
    const poor = newBuyer();
    const counts = await buyAll({ gateUrl, shop, buyers, poor, plan }, terminal);
    const held = await crawl(gateUrl + shop.limitedPath, shop.offersPerMinute);
    const strays = strayTransfers(payments);
    for (let at = 0; at < strays; at += 1) await strayTransfer(state, buyers, at);
    terminal.say('Sending money that was not asked for like that, and giving it to its payments by hand.');
    await fund(state, poor);
    const linked = await seedByHand({ database, bookId: shop.bookId, state }, [...buyers, poor], handLinks(payments));
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    terminal.print(
      `${counts.served} paid and served, ${counts.refused} refused, ${counts.unknown} undecided, ` +
        `${held} offers held back by a limit, ${strays} transfers that fit no payment; given to payments by hand: ` +
        `${[...linked].map(([kind, count]) => `${count} ${kind}`).join(', ')}; in ${seconds} s. ` +
        'They are final in about a minute.',
    );
    return counts.no_offer === 0 ? 0 : 1;
  });
}

/** The gate follows the configuration within a second. */
async function gateOpens(gateUrl: string, shop: SeedShop): Promise<void> {
  const untilMs = performance.now() + readyMs;
  for (const path of [...shop.paths, shop.brokenPath, shop.limitedPath]) {
    for (;;) {
      const answer = await requestOffer({ url: gateUrl + path }).catch(() => null);
      if (answer?.status === 402 || answer?.status === 429) break;
      if (performance.now() > untilMs) {
        throw new CliError(`${gateUrl}${path} makes no offer (${answer?.status ?? 'no answer'}). Is Tollbook running?`);
      }
      await delay(200);
    }
  }
}

async function fundBuyers(state: SandboxState, count: number): Promise<readonly SeedBuyer[]> {
  const buyers = Array.from({ length: count }, () => newBuyer());
  await Promise.all(buyers.map((buyer) => fund(state, buyer)));
  return buyers;
}

async function fund(state: SandboxState, { address }: SeedBuyer): Promise<void> {
  await faucet(state, { network: `eip155:${state.evm.chainId}`, address, amountAtomic: fundAtomic });
}

/** Asks for offers as fast as a crawler does, three times as many as it gets; resolves to how many were held back. */
async function crawl(url: string, offersPerMinute: number): Promise<number> {
  let held = 0;
  for (let asked = 0; asked < offersPerMinute * 3; asked += 1) {
    if ((await requestOffer({ url })).status === 429) held += 1;
  }
  return held;
}

/** Money that no payment names, as when somebody sends it by hand. */
async function strayTransfer(state: SandboxState, buyers: readonly SeedBuyer[], at: number): Promise<void> {
  const buyer = buyers[at % buyers.length];
  if (buyer === undefined) throw new Error('somebody buys');
  const { privateKey } = buyer;
  await sendTokens(state, { privateKey, to: state.merchant.evmAddress, amountAtomic: 10_000n + BigInt(at) });
}

async function buyAll(
  {
    gateUrl,
    shop,
    buyers,
    poor,
    plan,
  }: {
    readonly gateUrl: string;
    readonly shop: SeedShop;
    readonly buyers: readonly SeedBuyer[];
    /** Whose wallet is empty. */
    readonly poor: SeedBuyer;
    readonly plan: readonly SeedStep[];
  },
  terminal: Terminal,
): Promise<Record<SeedOutcome, number>> {
  const counts: Record<SeedOutcome, number> = { served: 0, refused: 0, unknown: 0, no_offer: 0 };
  let next = 0;
  let done = 0;
  const run = async () => {
    for (let step = plan[next++]; step !== undefined; step = plan[next++]) {
      const path = step.kind === 'broken' ? shop.brokenPath : shop.paths[step.endpoint];
      const buyer = step.kind === 'poor' ? poor : buyers[step.buyer];
      if (path === undefined || buyer === undefined)
        throw new Error('a plan names endpoints and buyers that are there');
      counts[await buy(gateUrl + path, step, buyer)] += 1;
      done += 1;
    }
  };
  const progress = setInterval(() => terminal.say(`${done} of ${plan.length}`), progressMs);
  try {
    await Promise.all(Array.from({ length: atOnce }, run));
  } finally {
    clearInterval(progress);
  }
  return counts;
}
