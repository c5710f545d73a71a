import { Link } from '@tanstack/react-router';
import type { PaymentDetail } from '@tollbook/contract';
import { AmountText } from '../../ui/amount-text.js';
import { Facts } from '../../ui/facts.js';
import { formatNumber } from '../../ui/format-count.js';
import { HashText } from '../../ui/hash-text.js';
import { TimeText } from '../../ui/time-text.js';
import { explorerLink } from '../networks/explorer-link.js';
import { networkName } from '../networks/network-name.js';
import { useEndpointNames } from './use-endpoint-names.js';

/** What is known about a payment, each thing to be copied or followed. */
export function PaymentFacts({ payment }: { payment: PaymentDetail }) {
  const endpointName = useEndpointNames();
  const { network, endpointId } = payment;
  const transfer = payment.transfers[0];
  const attempt = payment.attempts.at(-1);
  // Money that was linked by hand came without an attempt, and its transaction is the transfer's.
  const txHash = payment.txHash ?? transfer?.txHash ?? null;
  const isOver = payment.status === 'failed' || payment.status === 'expired' || payment.status === 'canceled';
  const otherwise = isOver ? 'will not happen' : 'not yet';
  return (
    <Facts
      facts={[
        ['Due', <AmountText key="due" amountAtomic={payment.amountAtomic} asset={payment.asset} />],
        transfer
          ? ['Received', <AmountText key="in" amountAtomic={transfer.amountAtomic} asset={payment.asset} />]
          : ['Received', <span key="in">{isOver ? 'nothing' : 'nothing on chain yet'}</span>],
        payment.amountRefunded === '0' ? null : ['Refunded', `${payment.amountRefunded} ${payment.asset}`],
        [
          'Endpoint',
          endpointId === null ? (
            '—'
          ) : (
            <Link key="endpoint" to="/endpoints/$id" params={{ id: endpointId }}>
              {endpointName(endpointId)}
            </Link>
          ),
        ],
        [
          'Payer',
          payment.payer === null ? (
            '—'
          ) : (
            <span key="payer">
              <HashText value={payment.payer} what="payer address" />{' '}
              <Link to="/payments" search={{ payer: payment.payer }}>
                all theirs
              </Link>
            </span>
          ),
        ],
        transfer ? ['Paid to', <HashText key="to" value={transfer.to} what="receiving address" />] : null,
        ['Network', networkName(network)],
        [
          'Transaction',
          <HashText key="tx" value={txHash} what="transaction hash" href={explorerLink(network, txHash)} />,
        ],
        transfer ? ['Block', `${formatNumber(transfer.blockNumber)} (${transfer.stage})`] : null,
        attempt?.nonce ? ['Nonce', <HashText key="nonce" value={attempt.nonce} what="nonce" />] : null,
        attempt?.x402Version ? ['Protocol', `x402 v${attempt.x402Version}`] : null,
        attempt ? ['Client', attempt.clientFamily === 'none' ? 'did not say' : attempt.clientFamily] : null,
        [
          'Offer reference',
          <span key="offer">
            <HashText value={payment.invoiceId} what="offer reference" />{' '}
            <Link to="/offers/$id" params={{ id: payment.invoiceId }}>
              open
            </Link>
          </span>,
        ],
        ['Invoice no.', payment.invoiceNumber ?? (isOver ? 'none: no money was booked' : 'drawn when money is booked')],
        ['Asked', <TimeText key="asked" at={payment.createdAt} />],
        ['Confirmed', <TimeText key="confirmed" at={payment.confirmedAt} otherwise={otherwise} />],
        ['Final', <TimeText key="final" at={payment.finalAt} otherwise={otherwise} />],
      ]}
    />
  );
}
