import type { TermsVersion } from '@tollbook/domain';

/** Few: a network opens or closes rarely, and terms have at most a handful. */
const narrowed = new WeakMap<TermsVersion, Map<string, TermsVersion>>();

/**
 * Terms as they are offered now: without the networks on which nothing can be taken, and null where none is left. They
 * keep their number, since a payment on any network of the terms is judged by the whole. The same networks give the
 * same object, so that what was prepared for it serves again.
 */
export function offeredTerms(terms: TermsVersion, isOpen: (network: string) => boolean): TermsVersion | null {
  if (terms.networks.every(({ network }) => isOpen(network))) return terms;
  const open = terms.networks.filter(({ network }) => isOpen(network));
  if (open.length === 0) return null;
  const known = narrowed.get(terms) ?? new Map<string, TermsVersion>();
  narrowed.set(terms, known);
  const key = open.map(({ network }) => network).join();
  const made = known.get(key) ?? { ...terms, networks: open };
  known.set(key, made);
  return made;
}
