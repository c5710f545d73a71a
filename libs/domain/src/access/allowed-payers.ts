/** Payers who may pay, by endpoint; those under `null` hold where an endpoint has no list of its own. */
export type AllowedPayers = ReadonlyMap<string | null, ReadonlySet<string>>;

/** A payer on a list; null is the list of the whole book. Addresses in lower case. */
export type AllowedPayer = { readonly endpointId: string | null; readonly payer: string };

export function toAllowedPayers(entries: readonly AllowedPayer[]): AllowedPayers {
  const lists = new Map<string | null, Set<string>>();
  for (const { endpointId, payer } of entries) {
    const list = lists.get(endpointId);
    if (list) list.add(payer);
    else lists.set(endpointId, new Set([payer]));
  }
  return lists;
}

/**
 * Whether a payer may pay at an endpoint: its own list decides, else the book's; without any everybody may. An empty
 * list is none, which is why the last entry of one is not taken away by the way.
 */
export function isAllowedPayer(lists: AllowedPayers, endpointId: string, payer: string): boolean {
  const list = lists.get(endpointId) ?? lists.get(null);
  return list === undefined || list.has(payer);
}
