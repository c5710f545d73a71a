import type { Health } from '@tollbook/contract';
import { AmountText } from '../../ui/amount-text.js';
import { Card } from '../../ui/card.js';
import { Facts } from '../../ui/facts.js';
import { formatNumber } from '../../ui/format-count.js';
import { HashText } from '../../ui/hash-text.js';
import { Notice } from '../../ui/notice.js';
import { TimeText } from '../../ui/time-text.js';
import { networkName } from '../networks/network-name.js';
import { DifferenceRows } from './difference-rows.js';
import { HealthChip } from './health-chip.js';
import classes from './health-page.module.css';

/** Opening, in, out and closing of each wallet beside what the chain itself says it holds. */
export function BooksProof({ books }: { books: Health['books'] }) {
  return (
    <Card
      title="Books proof"
      note={
        books.checkedAt === null ? (
          'Not checked yet'
        ) : (
          <>
            The books against the chain, checked <TimeText at={books.checkedAt} />
          </>
        )
      }
      action={<HealthChip state={books.state} />}
    >
      {books.reason === 'differs' ? (
        <Notice tone="bad">
          The chain says something else than the books. The rows behind it stand below; docs/operations says what to do.
        </Notice>
      ) : null}
      {books.reason === 'ledger_broken' ? (
        <Notice tone="bad">
          A row of the ledger, or of what it was made from, is not what was booked. `npx tollbook books verify` names
          it.
        </Notice>
      ) : null}
      {books.reason === 'sums_differ' ? (
        <Notice tone="bad">
          Reports show sums that differ from their rows. The worker's log names them; `npx tollbook reindex --rollups`
          makes them anew.
        </Notice>
      ) : null}
      {books.data.length === 0 ? (
        <p className="tb-muted">The first proof comes with the first confirmed block.</p>
      ) : null}
      {books.data.map((row) => {
        const amount = (amountAtomic: string) => (
          <AmountText amountAtomic={amountAtomic} asset={row.symbol} fractionDigits={2} />
        );
        return (
          <div key={`${row.network}-${row.wallet}-${row.asset}`} className={classes.proof}>
            <p className={classes.proofHead}>
              {networkName(row.network)} · <HashText value={row.wallet} what="wallet address" /> at block{' '}
              {formatNumber(row.block)}
            </p>
            <Facts
              facts={[
                ['Opening', amount(row.opening)],
                ['In', amount(row.in)],
                ['Out', amount(row.out)],
                ['Closing, by the books', amount(row.closing)],
                ['On chain', amount(row.onChain)],
                ['Difference', <strong key="difference">{amount(row.difference)}</strong>],
              ]}
            />
            {row.difference === '0' ? null : <DifferenceRows proof={row} />}
          </div>
        );
      })}
    </Card>
  );
}
