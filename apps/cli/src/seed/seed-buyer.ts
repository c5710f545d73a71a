import { setTimeout as delay } from 'node:timers/promises';
import { requestOffer, type SentPayment, signPayment } from '@tollbook/sandbox';
import type { SeedStep } from './plan-seed.js';

export type SeedBuyer = { readonly address: `0x${string}`; readonly privateKey: `0x${string}` };

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
  const header = sentHeader(step.kind, signed);
  for (let tries = 1; ; tries += 1) {
    const { status } = await requestOffer({ url, headers: { [signed.headerName]: header } });
    if (status >= 200 && status <= 299) return 'served';
    const isUndecided = status === 503 || status === 409;
    if (!isUndecided) return 'refused';
    if (tries === triesMax) return 'unknown';
    await delay(againMs);
  }
}

/** What the buyer sends: its payment, or one that is wrong in the way its step says. */
function sentHeader(kind: SeedStep['kind'], { rawHeader }: SentPayment): string {
  switch (kind) {
    case 'forged':
      // One digit of the signature is another: whoever signed it, it was not the payer.
      return changed(rawHeader, /("signature":"0x[0-9a-f]{20})([0-9a-f])/i, (digit) => (digit === '1' ? '2' : '1'));
    case 'underpaid':
      return changed(rawHeader, /("value":")([0-9]+)/, () => '1');
    case 'outdated':
      return changed(rawHeader, /("validBefore":")([0-9]+)/, () => '1');
    default:
      return rawHeader;
  }
}

/** The header with the second group of what `pattern` finds in it changed. */
function changed(rawHeader: string, pattern: RegExp, change: (found: string) => string): string {
  const text = Buffer.from(rawHeader, 'base64').toString('utf8');
  return Buffer.from(
    text.replace(pattern, (_all, before: string, found: string) => before + change(found)),
    'utf8',
  ).toString('base64');
}
