import { setTimeout as delay } from 'node:timers/promises';
import { faucet, newBuyer, readSandboxState, requestOffer, type SandboxState } from '@tollbook/sandbox';
import { CliError } from '../cli-error.js';
import { withDatabase } from '../open-database.js';
import type { Command } from '../parse-command.js';
import { readRuntime } from '../runtime-file.js';
import { planSeed, type SeedStep, seedBuyers, strayTransfers } from '../seed/plan-seed.js';
import { buy, type SeedBuyer, type SeedOutcome } from '../seed/seed-buyer.js';
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
  const startedAt = performance.now();
  const { shop, state, gateUrl } = await withDatabase('tollbook_app', async (database) => {
    const { dataDir } = database.config;
    const sandbox = readSandboxState(dataDir);
    const publicUrl = readRuntime(dataDir)?.publicUrl ?? database.config.publicUrl;
    if (sandbox === null) {
      throw new CliError(`There is no sandbox in ${dataDir}. Payments are made up in its test book alone.`);
    }
    const opened = await seedShop(database, sandbox);
    return { shop: opened, state: sandbox, gateUrl: `${publicUrl}/g/demo` };
  });
  if (command.days > 1) {
    terminal.say('All of it happens today: the day of a payment is that of its block, and the chain lives now.');
  }
  await gateOpens(gateUrl, shop);
  const plan = planSeed(command.payments, shop.paths.length);
  terminal.say(`Funding ${seedBuyers(command.payments)} buyers.`);
  const buyers = await fundBuyers(state, seedBuyers(command.payments));
  const counts = await buyAll({ gateUrl, shop, buyers, plan }, terminal);
  const strays = strayTransfers(command.payments);
  await Promise.all(Array.from({ length: strays }, (_, at) => strayTransfer(state, at)));
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  terminal.print(
    `${counts.served} paid and served, ${counts.refused} refused, ${counts.unknown} undecided, ` +
      `${strays} transfers that fit no payment, in ${seconds} s. They are final in about a minute.`,
  );
  return counts.no_offer === 0 ? 0 : 1;
}

/** The gate follows the configuration within a second. */
async function gateOpens(gateUrl: string, shop: SeedShop): Promise<void> {
  const untilMs = performance.now() + readyMs;
  for (const path of [...shop.paths, shop.brokenPath]) {
    for (;;) {
      const answer = await requestOffer({ url: gateUrl + path }).catch(() => null);
      if (answer?.status === 402) break;
      if (performance.now() > untilMs) {
        throw new CliError(`${gateUrl}${path} makes no offer (${answer?.status ?? 'no answer'}). Is Tollbook running?`);
      }
      await delay(200);
    }
  }
}

async function fundBuyers(state: SandboxState, count: number): Promise<readonly SeedBuyer[]> {
  const buyers = Array.from({ length: count }, () => newBuyer());
  await Promise.all(
    buyers.map(({ address }) =>
      faucet(state, { network: `eip155:${state.evm.chainId}`, address, amountAtomic: fundAtomic }),
    ),
  );
  return buyers;
}

/** Money that no payment names, as when somebody sends it by hand. */
async function strayTransfer(state: SandboxState, at: number): Promise<void> {
  const address = state.merchant.evmAddress;
  await faucet(state, { network: `eip155:${state.evm.chainId}`, address, amountAtomic: 10_000n + BigInt(at) });
}

async function buyAll(
  {
    gateUrl,
    shop,
    buyers,
    plan,
  }: {
    readonly gateUrl: string;
    readonly shop: SeedShop;
    readonly buyers: readonly SeedBuyer[];
    readonly plan: readonly SeedStep[];
  },
  terminal: Terminal,
): Promise<Record<SeedOutcome, number>> {
  const counts: Record<SeedOutcome, number> = { served: 0, refused: 0, unknown: 0, no_offer: 0 };
  const poor = newBuyer();
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
