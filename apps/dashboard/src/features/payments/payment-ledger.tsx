import type { LedgerEntry } from '@tollbook/contract';
import { AmountText } from '../../ui/amount-text.js';
import { EmptyState } from '../../ui/empty-state.js';
import { fractionDigitsOf } from '../../ui/format-amount.js';
import { formatDay } from '../../ui/format-time.js';
import { accountName } from './account-name.js';
import classes from './payment-ledger.module.css';
import { useEndpointNames } from './use-endpoint-names.js';

/** The entries of the books that this payment made: each posting from the credited to the debited account. */
export function PaymentLedger({ entries }: { entries: readonly LedgerEntry[] }) {
  const endpointName = useEndpointNames();
  if (entries.length === 0) {
    return (
      <EmptyState title="Not in the books yet">
        Money is booked when the chain confirms it: as pending first, as income once it is final.
      </EmptyState>
    );
  }
  const fractionDigits = fractionDigitsOf(entries.flatMap(({ postings }) => postings));
  return (
    <ol className={classes.entries}>
      {entries.map((entry) => (
        <li key={entry.entrySeq} className={classes.entry}>
          <p className={classes.head}>
            <span className={classes.kind}>{wordsOf(entry.kind)}</span>
            <span className="tb-muted tb-num">
              Entry {entry.entrySeq} · {formatDay(entry.localDay)}
              {entry.blockNumber === null ? '' : ` · block ${entry.blockNumber}`}
            </span>
          </p>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">Debit</th>
                <th scope="col">Credit</th>
                <th scope="col">Amount</th>
              </tr>
            </thead>
            <tbody>
              {entry.postings.map((posting) => (
                <tr key={`${posting.debit}-${posting.credit}`}>
                  <td title={posting.debit}>{accountName(posting.debit, endpointName)}</td>
                  <td title={posting.credit}>{accountName(posting.credit, endpointName)}</td>
                  <td>
                    <AmountText
                      amountAtomic={posting.amountAtomic}
                      asset={posting.asset}
                      fractionDigits={fractionDigits}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </li>
      ))}
    </ol>
  );
}

function wordsOf(kind: string): string {
  const words = kind.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
