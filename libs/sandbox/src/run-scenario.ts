import { setTimeout as delay } from 'node:timers/promises';
import type { FacilitatorScript } from '@tollbook/testing';
import { encodeFunctionData, getAddress, type Hex, type PrivateKeyAccount } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { CANONICAL_USDC, devUsdAbi, TX_FEES } from './dev-usd.js';
import { faucet } from './faucet.js';
import { newBuyer } from './new-buyer.js';
import { type Answer, readAnswer, requestOffer } from './request-offer.js';
import { createRpc } from './rpc.js';
import { parseHex } from './rpc-values.js';
import { SANDBOX_CHAIN_ID, type SandboxState } from './sandbox-state.js';
import { type SentPayment, signPayment } from './sign-payment.js';

/** What may become of a payment, as `libs/contract` lists it. */
export type Scenario = 'ok' | 'declined' | 'delayed' | 'lost-reply' | 'short' | 'late' | 'twice' | 'expired';

/** One thing the buyer did, and how it was answered. */
export interface ScenarioStep {
  what: string;
  /** HTTP status of the gate's answer; null where nothing was asked of it. */
  status: number | null;
  /** The stable code of a refusal. */
  code: string | null;
  txHash: string | null;
}

export interface ScenarioOptions {
  scenario: Scenario;
  /** A priced endpoint of the sandbox's gate. */
  url: string;
  state: SandboxState;
  /** Writes down what the facilitator does with the first payment of a payer, and sends that payer's payments there. */
  script: (payer: string, script: FacilitatorScript) => Promise<void>;
  /** Told, before anything else, whose payments these are. */
  tellPayer: (payer: string) => void;
  /** Told each step as it is done. */
  tell: (step: ScenarioStep) => void;
}

/** Enough for a few purchases. */
const FUNDS_ATOMIC = 1_000_000n;
/** The buyer asks again as the answer says. */
const RETRY_MS = 5_000;
const RETRIES_MAX = 24;
/** What the gate asks an authorization to live at least, and some seconds for the way. */
const SHORT_LIFE_SECONDS = 60;

/** The gate offered nothing: a limit, a closed network, a shop that is shut. That is an outcome too. */
class OfferRefused extends Error {
  constructor(readonly answer: Answer) {
    super(`the gate answered ${answer.status} where it was to offer`);
  }
}

/** Plays one scenario with a buyer of its own, to its end as the buyer sees it. */
export async function runScenario(options: ScenarioOptions): Promise<void> {
  try {
    await playOut(options);
  } catch (error) {
    if (!(error instanceof OfferRefused)) throw error;
    const { answer } = error;
    options.tell({ what: 'asks for the price', status: answer.status, code: codeOf(answer), txHash: null });
  }
}

async function playOut(options: ScenarioOptions): Promise<void> {
  const buyer = newBuyer();
  options.tellPayer(buyer.address);
  const play = { ...options, privateKey: buyer.privateKey, payer: buyer.address };
  if (options.scenario !== 'declined') await fund(play);
  switch (options.scenario) {
    case 'ok':
    case 'declined':
      await present(play, await sign(play), 'sends a payment');
      return;
    case 'twice': {
      const payment = await sign(play);
      await Promise.all(
        ['sends a payment', 'sends the same payment again'].map((what) => present(play, payment, what)),
      );
      return;
    }
    case 'delayed':
      return doubted(play, 'delayed');
    case 'lost-reply':
      return doubted(play, 'lost_reply');
    case 'late':
      await options.script(buyer.address, 'lied_then_sent');
      await present(play, await sign(play), 'sends a payment that is refused, and comes all the same');
      return;
    case 'expired':
      return doubted(play, 'lost_payment', SHORT_LIFE_SECONDS);
    case 'short':
      return transferShort(play);
  }
}

type Play = ScenarioOptions & { readonly privateKey: Hex; readonly payer: Hex };

async function fund({ state, payer, tell }: Play): Promise<void> {
  const network = `eip155:${SANDBOX_CHAIN_ID}`;
  const answer = await faucet(state, { network, address: payer, amountAtomic: FUNDS_ATOMIC });
  if (answer.kind === 'refused') throw new Error(`the faucet refused: ${answer.reason}`);
  tell({ what: 'a new buyer gets play money', status: null, code: null, txHash: answer.txHash });
}

/** A payment whose outcome is not known at first; the buyer sends the same one again until it is. */
async function doubted(play: Play, script: FacilitatorScript, lifeSeconds?: number): Promise<void> {
  const payment = await sign(play, lifeSeconds);
  await play.script(play.payer, script);
  let status = await present(play, payment, 'sends a payment');
  for (let retry = 1; status === 503 && retry <= RETRIES_MAX; retry += 1) {
    await delay(RETRY_MS);
    status = await present(play, payment, 'sends the same payment again');
  }
}

/** Half the price, sent as a plain transfer: money that names nobody. */
async function transferShort(play: Play): Promise<void> {
  const { url, state, privateKey, tell } = play;
  const entry = (await askOffer(url)).paymentRequired?.accepts[0];
  if (!entry) throw new Error('nothing is to be paid there');
  const account = privateKeyToAccount(privateKey);
  const txHash = await sendTokens(state.evm.rpcUrl, account, entry.payTo, BigInt(entry.amount) / 2n);
  tell({ what: 'sends half the price to the wallet by hand', status: null, code: null, txHash });
}

async function sendTokens(rpcUrl: string, from: PrivateKeyAccount, to: string, value: bigint): Promise<Hex> {
  const tx = await from.signTransaction({
    ...TX_FEES,
    chainId: SANDBOX_CHAIN_ID,
    nonce: 0,
    gas: 100_000n,
    to: CANONICAL_USDC[SANDBOX_CHAIN_ID].address,
    data: encodeFunctionData({ abi: devUsdAbi, functionName: 'transfer', args: [getAddress(to), value] }),
  });
  return parseHex(await createRpc(rpcUrl).call('eth_sendRawTransaction', [tx]));
}

async function sign({ url, privateKey }: Play, lifeSeconds?: number): Promise<SentPayment> {
  const offer = await askOffer(url);
  if (lifeSeconds === undefined) return signPayment({ offer, privateKey });
  const payment = await signPayment({ offer: shortened(offer, lifeSeconds), privateKey });
  // What was accepted is told as it was offered; only the signature says how long it is good for.
  const accepted = offer.paymentRequired?.accepts[0];
  const payload = { ...payment.payload, accepted };
  return { ...payment, rawHeader: Buffer.from(JSON.stringify(payload), 'utf8').toString('base64') };
}

async function askOffer(url: string): Promise<Answer> {
  const answer = await requestOffer({ url });
  if (answer.status !== 402) throw new OfferRefused(answer);
  return answer;
}

/** The same offer for a client that signs for less time than it may. */
function shortened(offer: Answer, lifeSeconds: number): Answer {
  const { paymentRequired, headers } = offer;
  if (!paymentRequired) throw new Error('nothing is to be paid there');
  const accepts = paymentRequired.accepts.map((entry) => ({ ...entry, maxTimeoutSeconds: lifeSeconds }));
  const header = Buffer.from(JSON.stringify({ ...paymentRequired, accepts }), 'utf8').toString('base64');
  return { ...offer, headers: { ...headers, 'payment-required': header } };
}

async function present(play: Play, { headerName, rawHeader }: SentPayment, what: string): Promise<number> {
  const answer = await readAnswer(await fetch(play.url, { headers: { [headerName]: rawHeader } }));
  const txHash = answer.paymentResponse?.transaction || null;
  play.tell({ what, status: answer.status, code: codeOf(answer), txHash });
  return answer.status;
}

function codeOf({ status, bodyText }: Answer): string | null {
  if (status < 400) return null;
  try {
    const { code } = JSON.parse(bodyText) as { code?: unknown };
    return typeof code === 'string' ? code : null;
  } catch {
    return null;
  }
}
