import { toleranceMaxAtomic } from '@tollbook/domain';
import { assetOf, type Catalog } from './catalog.js';
import type { AuditContext } from './ports/audit.js';
import type { ToleranceRecord, ToleranceStore } from './ports/tolerance-store.js';

/** The tolerance of each asset that a book takes, 0 where none was set. */
export async function readTolerances(
  deps: { readonly catalog: Catalog; readonly tolerances: ToleranceStore },
  book: { readonly bookId: number; readonly mode: 'test' | 'live' },
): Promise<readonly ToleranceRecord[]> {
  const set = new Map((await deps.tolerances.list(book.bookId)).map((each) => [each.assetId, each]));
  const networks = new Set(
    deps.catalog.networks.filter(({ mode }) => mode === book.mode).map(({ network }) => network),
  );
  return deps.catalog.assets
    .filter(({ network }) => networks.has(network))
    .map(({ assetId }) => set.get(assetId) ?? { assetId, amountAtomic: 0n });
}

/**
 * Sets how small a difference in an asset opens nothing. It holds for what is booked from now on: what was booked stays
 * as it is. False where it is more than one whole token.
 */
export async function setTolerance(
  deps: { readonly catalog: Catalog; readonly tolerances: ToleranceStore },
  bookId: number,
  tolerance: ToleranceRecord & { readonly reason: string },
  by: AuditContext,
): Promise<boolean> {
  const { network, symbol, decimals } = assetOf(deps.catalog, tolerance.assetId);
  if (tolerance.amountAtomic > toleranceMaxAtomic(decimals)) return false;
  await deps.tolerances.set(bookId, tolerance, `${symbol} on ${network}`, by);
  return true;
}
