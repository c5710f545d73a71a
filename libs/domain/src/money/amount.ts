import { assert } from '../assert.js';
import { type Asset, isSameAsset } from './asset.js';

/** An exact number of atomic units of one asset. Never negative: direction is said by the account it moves between. */
export type Amount = { readonly atomic: bigint; readonly asset: Asset };

/** The largest amount a chain can emit: the upper end of uint256. */
export const amountAtomicMax = 2n ** 256n - 1n;

/** An amount; throws on a negative or too large one, which only a bug can produce. */
export function amount(atomic: bigint, asset: Asset): Amount {
  assert(atomic >= 0n && atomic <= amountAtomicMax, 'an amount lies between 0 and 2^256 - 1');
  return { atomic, asset };
}

/** The sum of two amounts of one asset; two assets cannot be added. */
export function add(a: Amount, b: Amount): Amount {
  assert(isSameAsset(a.asset, b.asset), 'amounts of two assets cannot be added');
  return amount(a.atomic + b.atomic, a.asset);
}
