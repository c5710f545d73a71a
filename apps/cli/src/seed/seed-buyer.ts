import { setTimeout as delay } from 'node:timers/promises';
import { requestOffer, type SentPayment, signPayment } from '@tollbook/sandbox';
import type { SeedStep } from './plan-seed.js';

export type SeedBuyer = { readonly privateKey: `0x${string}` };

/** How one purchase ended, as its buyer saw it. */
export type SeedOutcome = 'served' | 'refused' | 'unknown' | 'no_offer';

const triesMax = 6;
const againMs = 1_500;

/**
 * Asks for the offer, signs it and pays, as every buyer of the gate does; told to come again, it sends the same payload.
 * Never throws for what the gate answers.
 */
export async function buy(url: string, step: SeedStep, buyer: SeedBuyer): Promise<SeedOutcome> {
  const offer = await requestOffer({ url });
  if (offer.status !== 402) return 'no_offer';
  const signed = await signPayment({ offer, privateKey: buyer.privateKey, version: step.version });
  const header = step.kind === 'forged' ? forged(signed) : signed.rawHeader;
  for (let tries = 1; ; tries += 1) {
    const { status } = await requestOffer({ url, headers: { [signed.headerName]: header } });
    if (status >= 200 && status <= 299) return 'served';
    const isUndecided = status === 503 || status === 409;
    if (!isUndecided) return 'refused';
    if (tries === triesMax) return 'unknown';
    await delay(againMs);
  }
}

/** The same payment under a signature with one digit changed: whoever signed it, it was not the payer. */
function forged({ rawHeader }: SentPayment): string {
  const text = Buffer.from(rawHeader, 'base64').toString('utf8');
  const changed = text.replace(/("signature":"0x[0-9a-f]{20})([0-9a-f])/i, (_all, before, digit) => {
    return `${before}${digit === '1' ? '2' : '1'}`;
  });
  return Buffer.from(changed, 'utf8').toString('base64');
}
