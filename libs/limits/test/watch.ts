import type { StoreWatch } from '../src/index.js';

/** Remembers what it was told. */
export function newWatch(): StoreWatch & { readonly told: string[] } {
  const told: string[] = [];
  return {
    told,
    onAway: () => told.push('away'),
    onBack: () => told.push('back'),
    onUncounted: () => told.push('uncounted'),
  };
}
