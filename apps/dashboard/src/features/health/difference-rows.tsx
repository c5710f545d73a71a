import { useQuery } from '@tanstack/react-query';
import { booksProofSchema, type Health } from '@tollbook/contract';
import { useBook } from '../../api/book-context.js';
import { AmountText } from '../../ui/amount-text.js';
import { HashText } from '../../ui/hash-text.js';
import { PlainTable } from '../../ui/plain-table.js';
import { QueryView } from '../../ui/query-view.js';

const kinds = {
  not_recorded: 'On chain, not recorded',
  not_on_chain: 'Booked, not on chain',
  booked_otherwise: 'Booked otherwise',
} as const;

/** What is behind a difference: asked for again, since the proof that is shown keeps amounts alone. */
export function DifferenceRows({ proof }: { proof: Health['books']['data'][number] }) {
  const { api } = useBook();
  const { network, wallet, asset, block, symbol, difference } = proof;
  const query = useQuery({
    queryKey: ['books-proof', api.bookSlug, network, wallet, asset, block, difference],
    queryFn: ({ signal }) =>
      api.get('/v1/books/proof', booksProofSchema, { network, wallet, asset, at: `${block}` }, signal),
  });
  return (
    <QueryView query={query} failure="The rows behind the difference could not be read">
      {({ data: [row] }) => {
        const { rows = [], unexplained = difference } = row?.explanation ?? {};
        return (
          <>
            <PlainTable
              label="Rows behind the difference"
              heads={['What', 'Block', 'Transaction', 'Entry', 'Adds']}
              rows={rows.map((each) => [
                kinds[each.kind],
                each.block,
                each.txHash === null ? '–' : <HashText key="tx" value={each.txHash} what="transaction hash" />,
                each.entry ?? '–',
                <AmountText key="adds" amountAtomic={each.effect} asset={symbol} />,
              ])}
              empty="No row was found that explains it"
            />
            {unexplained === '0' ? null : (
              <p className="tb-muted">
                No row explains <AmountText amountAtomic={unexplained} asset={symbol} /> of it.
              </p>
            )}
          </>
        );
      }}
    </QueryView>
  );
}
