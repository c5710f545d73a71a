import { expect, it } from 'vitest';
import { isAllowedPayer, toAllowedPayers } from './allowed-payers.js';

const [here, elsewhere] = ['ep-1', 'ep-2'];

it('everybody may pay where there is no list', () => {
  expect(isAllowedPayer(toAllowedPayers([]), here, '0xa')).toBe(true);
  expect(isAllowedPayer(toAllowedPayers([{ endpointId: elsewhere, payer: '0xb' }]), here, '0xa')).toBe(true);
});

it('an endpoint’s own list holds before the book’s', () => {
  const lists = toAllowedPayers([
    { endpointId: null, payer: '0xa' },
    { endpointId: null, payer: '0xb' },
    { endpointId: here, payer: '0xc' },
  ]);
  const may = (endpointId: string) =>
    ['0xa', '0xb', '0xc', '0xd'].filter((payer) => isAllowedPayer(lists, endpointId, payer));
  expect(may(here)).toEqual(['0xc']);
  expect(may(elsewhere)).toEqual(['0xa', '0xb']);
});
