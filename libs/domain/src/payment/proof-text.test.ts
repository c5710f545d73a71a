import { expect, it } from 'vitest';
import { proofText } from './proof-text.js';

const subject = { host: 'pay.example', invoiceId: 'inv_abc', network: 'eip155:8453', txHash: '0xAB' };

it('is one text that names host, invoice, network and transaction, each on a line', () => {
  expect(proofText(subject)).toBe('Tollbook payment proof\npay.example\ninv_abc\neip155:8453\n0xab');
});

it('differs where any part does', () => {
  const others = [{ host: 'evil.example' }, { invoiceId: 'inv_abd' }, { network: 'eip155:84532' }, { txHash: '0xac' }];
  const texts = [{}, ...others].map((change) => proofText({ ...subject, ...change }));
  expect(new Set(texts).size).toBe(texts.length);
});
