import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type Discrepancy, type ListedTransfer, transferListSchema } from '@tollbook/contract';
import { useBook, useMay } from '../../api/book-context.js';
import { AmountText } from '../../ui/amount-text.js';
import { Card } from '../../ui/card.js';
import { Facts } from '../../ui/facts.js';
import { formatNumber } from '../../ui/format-count.js';
import { HashText } from '../../ui/hash-text.js';
import { Notice } from '../../ui/notice.js';
import { TimeText } from '../../ui/time-text.js';
import { explorerLink } from '../networks/explorer-link.js';
import { networkName } from '../networks/network-name.js';
import { discrepancyKinds } from '../payments/payment-flags.js';
import { CaseCard } from './case-card.js';
import { CloseByHand } from './close-by-hand.js';
import { LinkByHand } from './link-by-hand.js';
import { resolutionName } from './resolution-name.js';
import classes from './unmatched-page.module.css';

/** The evidence about one discrepancy, and what may be done about it. */
export function DiscrepancyPanel({ discrepancy }: { discrepancy: Discrepancy }) {
  const { kind, intentId, transferId } = discrepancy;
  const mayWrite = useMay('payments:write');
  const transfer = useTransfer(kind === 'unmatched' || kind === 'unmatched_outflow' ? transferId : null, kind);
  const isOpen = discrepancy.closedAt === null;
  return (
    <div className={classes.panel}>
      <Card title={discrepancyKinds[kind].name} note={discrepancyKinds[kind].means}>
        <Facts
          facts={[
            ['Amount', <AmountText key="amount" amountAtomic={discrepancy.amountAtomic} asset={discrepancy.asset} />],
            ['Opened', <TimeText key="opened" at={discrepancy.openedAt} />],
            isOpen ? null : ['Closed', <TimeText key="closed" at={discrepancy.closedAt} />],
            discrepancy.resolution === null ? null : ['Outcome', resolutionName(discrepancy.resolution)],
            discrepancy.note === null ? null : ['Note', discrepancy.note],
            discrepancy.assignee === null ? null : ['Assignee', discrepancy.assignee.name],
            intentId === null
              ? null
              : [
                  'Payment',
                  <Link key="payment" to="/payments/$id" params={{ id: intentId }}>
                    Open the payment
                  </Link>,
                ],
            ...transferFacts(transfer),
          ]}
        />
      </Card>
      {isOpen && mayWrite ? <CaseCard discrepancy={discrepancy} /> : null}
      {isOpen && mayWrite && kind === 'unmatched' ? (
        <LinkByHand discrepancy={discrepancy} sender={transfer?.from ?? null} />
      ) : null}
      {isOpen && kind === 'unmatched_outflow' ? (
        <Notice tone="info">
          If it was a refund, record it on the payment of this buyer and name this transaction: it is booked as a refund
          then, and this closes by itself.{' '}
          {transfer ? (
            <Link to="/payments" search={{ payer: transfer.to }}>
              Their payments
            </Link>
          ) : null}
        </Notice>
      ) : null}
      {isOpen && mayWrite && discrepancy.resolutionsByHand.length > 0 ? (
        <CloseByHand discrepancy={discrepancy} />
      ) : null}
      {isOpen && discrepancy.resolutionsByHand.length === 0 && kind !== 'unmatched' ? (
        <p className="tb-muted">The chain closes this by itself. Nothing for you to do.</p>
      ) : null}
    </div>
  );
}

/** The money that nothing explains, among the transfers that fit no payment. */
function useTransfer(transferId: string | null, kind: Discrepancy['kind']): ListedTransfer | undefined {
  const { api } = useBook();
  const query = useQuery({
    queryKey: ['live', 'transfers', api.bookSlug, kind],
    queryFn: ({ signal }) => {
      const status = kind === 'unmatched' ? 'unmatched' : 'matched';
      return api.get('/v1/transfers', transferListSchema, { status, limit: 100 }, signal);
    },
    enabled: transferId !== null,
  });
  return query.data?.data.find(({ id }) => id === transferId);
}

function transferFacts(transfer: ListedTransfer | undefined) {
  if (transfer === undefined) return [];
  const { network, txHash } = transfer;
  return [
    ['From', <HashText key="from" value={transfer.from} what="sender address" />] as const,
    ['To', <HashText key="to" value={transfer.to} what="receiving address" />] as const,
    ['Network', networkName(network)] as const,
    [
      'Transaction',
      <HashText key="tx" value={txHash} what="transaction hash" href={explorerLink(network, txHash)} />,
    ] as const,
    ['Block', `${formatNumber(transfer.blockNumber)} (${transfer.stage})`] as const,
    ['Arrived', <TimeText key="at" at={transfer.blockTime} />] as const,
  ];
}
