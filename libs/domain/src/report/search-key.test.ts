import { describe, expect, it } from 'vitest';
import { encodeId } from '../id.js';
import { invoiceIdText } from '../offer/invoice-id.js';
import { searchKey } from './search-key.js';

const uuid = '01900000-0000-7000-8000-00000000abcd';
const invoice = new Uint8Array(50).fill(7);

describe('searchKey', () => {
  it.each([
    [encodeId('intent', uuid), { kind: 'intent', intentId: uuid }],
    [invoiceIdText(invoice), { kind: 'invoice_id', bytes: invoice, text: invoiceIdText(invoice) }],
    ['INV-2026-000123', { kind: 'invoice_number', year: 2026, no: 123 }],
    ['inv-2026-7', { kind: 'invoice_number', year: 2026, no: 7 }],
    [`0x${'AB'.repeat(32)}`, { kind: 'tx_hash', hash: `0x${'ab'.repeat(32)}` }],
    [`0x${'Cd'.repeat(20)}`, { kind: 'payer', address: `0x${'cd'.repeat(20)}` }],
    [' order 17 ', { kind: 'order_id', text: 'order 17' }],
    ['inv_short', { kind: 'order_id', text: 'inv_short' }],
    ['pi_short', { kind: 'order_id', text: 'pi_short' }],
    [`0x${'ab'.repeat(31)}`, { kind: 'order_id', text: `0x${'ab'.repeat(31)}` }],
  ])('reads %s by its shape', (text, key) => {
    expect(searchKey(text)).toEqual(key);
  });
});
