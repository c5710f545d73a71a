import { accountParts, countedParts, failedParts, payerParts, recencyParts } from './rollup-parts.js';

/** Sums of `held` and of what they must be, by `keys`: rows where they differ, told by those keys. */
function differing(keys: string, held: string, parts: string): string {
  return `select book_id, concat_ws('/', ${keys}) as id from (
      select book_id, ${keys}, count, amount_atomic from (${held}) held
      union all select book_id, ${keys}, -count, -amount_atomic from (${parts}) parts
    ) both_sides
    group by book_id, ${keys} having sum(count) <> 0 or sum(amount_atomic) <> 0`;
}

/** Checks that the kept sums are what the rows add up to; told as contradictions of the books. */
export const rollupChecks: Readonly<Record<string, string>> = {
  rollup_books_differ: differing(
    'day, network_id, asset_id, outcome',
    `select * from day_totals where outcome <> 'failed'`,
    countedParts,
  ),
  rollup_days_differ: differing(
    'day, endpoint_id, network_id, asset_id, outcome',
    `select * from endpoint_totals where outcome <> 'failed'`,
    countedParts,
  ),
  /** Those that are kept long enough for no clock to matter. */
  rollup_hours_differ: differing(
    'hour, endpoint_id, network_id, asset_id, outcome',
    `select * from rollup_hours where outcome <> 'failed' and hour >= now() - interval '13 days'`,
    `select * from (${countedParts}) counted where hour >= now() - interval '13 days'`,
  ),
  rollup_failures_differ: differing(
    'endpoint_id, network_id, asset_id',
    `select * from endpoint_totals where outcome = 'failed'`,
    failedParts,
  ),
  rollup_book_failures_differ: differing(
    'network_id, asset_id',
    `select * from day_totals where outcome = 'failed'`,
    failedParts,
  ),
  rollup_reasons_differ: differing('endpoint_id, asset_id, reason', 'select * from reason_totals', failedParts),
  rollup_payers_differ: differing('day, payer, network_id, asset_id', 'select * from rollup_payers', payerParts),
  rollup_recency_differ: `select book_id, concat_ws('/', day, previous_day) as id from (
      select book_id, day, previous_day, payers from rollup_recency
      union all
      select book_id, day, previous_day, -payers from (${recencyParts}) counted
    ) both_sides
    group by book_id, day, previous_day having sum(payers) <> 0`,
  rollup_accounts_differ: `select book_id, concat_ws('/', day, account_id, asset_id) as id from (
      select book_id, day, account_id, asset_id, debit_atomic, credit_atomic from rollup_accounts
      union all
      select book_id, day, account_id, asset_id, -debit_atomic, -credit_atomic from (${accountParts}) counted
    ) both_sides
    group by book_id, day, account_id, asset_id having sum(debit_atomic) <> 0 or sum(credit_atomic) <> 0`,
};
