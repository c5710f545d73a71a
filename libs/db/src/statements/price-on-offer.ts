/**
 * SQL of the amounts for which something is sold to any payer, in the book, network and token of a row: endpoints'
 * prices that are in force, planned or were in force within a day, and open invoices that the merchant made. Wallets
 * are not told apart: they may be turned while an offer is open.
 */
export function pricesOnOffer(row: string): string {
  const at = (of: string) =>
    `${of}.book_id = ${row}.book_id and ${of}.network_id = ${row}.network_id and ${of}.asset_id = ${row}.asset_id`;
  return `select pa.amount_atomic from price_amounts pa
      join terms_versions tv on tv.book_id = pa.book_id and tv.price_version_id = pa.price_version_id
      where ${at('pa')} and (tv.superseded_at is null or tv.superseded_at > now() - interval '1 day')
      union all
      select pi.amount_atomic from payment_intents pi
      where ${at('pi')} and pi.source = 'api' and pi.status in ('open', 'processing', 'unknown')`;
}

/** SQL that holds where a row's amount is one of those. */
export function isPriceOnOffer(row: string): string {
  return `exists (select from (${pricesOnOffer(row)}) sold where sold.amount_atomic = ${row}.amount_atomic)`;
}
