import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { Offer } from '@tollbook/contract';
import { useBook } from '../../api/book-context.js';
import { AmountText } from '../../ui/amount-text.js';
import { Card } from '../../ui/card.js';
import { Chip, type Tone } from '../../ui/chip.js';
import { CopyButton } from '../../ui/copy-button.js';
import { Facts } from '../../ui/facts.js';
import { formatAmount } from '../../ui/format-amount.js';
import { HashText } from '../../ui/hash-text.js';
import { Icon, type IconName } from '../../ui/icon.js';
import { PageHeader } from '../../ui/page-header.js';
import { QueryView } from '../../ui/query-view.js';
import { TimeText } from '../../ui/time-text.js';
import { networkName } from '../networks/network-name.js';
import { PaymentStatus } from '../payments/payment-status.js';
import { offerQuery } from './offer-query.js';

const route = getRouteApi('/offers/$id');

const states: Readonly<Record<Offer['state'], { name: string; icon: IconName; tone: Tone; means: string }>> = {
  open: { name: 'Open', icon: 'circle', tone: 'neutral', means: 'It can be paid now.' },
  processing: {
    name: 'Being paid',
    icon: 'dots',
    tone: 'info',
    means: 'Somebody is paying, or the chain has to tell.',
  },
  paid: { name: 'Paid', icon: 'check', tone: 'ok', means: 'The money is on chain.' },
  expired: { name: 'Expired', icon: 'clock', tone: 'neutral', means: 'It ran out unpaid.' },
  withdrawn: { name: 'Withdrawn', icon: 'slash', tone: 'neutral', means: 'It was taken back before it was paid.' },
};

/** What one 402 said, read back from its own reference. */
export function OfferPage() {
  const { id } = route.useParams();
  const { api } = useBook();
  const query = useQuery(offerQuery(api, id));
  return (
    <>
      {query.data ? <Head offer={query.data} /> : <PageHeader title="Offer" above={<Back />} />}
      <QueryView query={query} failure="The offer could not be opened">
        {(offer) => (
          <Card title="What the seal says">
            <OfferFacts offer={offer} />
          </Card>
        )}
      </QueryView>
    </>
  );
}

function Back() {
  return (
    <Link to="/payments">
      <Icon name="back" size={14} /> Payments
    </Link>
  );
}

function Head({ offer }: { offer: Offer }) {
  const { name, icon, tone, means } = states[offer.state];
  const [way] = offer.accepts;
  return (
    <PageHeader
      title={way ? `Offer of ${formatAmount(way.amountAtomic, way.asset)} ${way.asset}` : 'Offer'}
      above={<Back />}
      beside={
        <Chip tone={tone} icon={icon} title={means}>
          {name}
        </Chip>
      }
      lead={means}
    />
  );
}

function OfferFacts({ offer }: { offer: Offer }) {
  const { endpoint, priceVersion, paymentId, paymentStatus, state } = offer;
  return (
    <Facts
      facts={[
        ['Reference', <HashText key="id" value={offer.invoiceId} what="offer reference" />],
        [
          'Endpoint',
          endpoint === null ? (
            'none: a payment intent of your backend'
          ) : (
            <Link key="endpoint" to="/endpoints/$id" params={{ id: endpoint.id }}>
              {endpoint.method} {endpoint.path}
            </Link>
          ),
        ],
        priceVersion === null
          ? null
          : ['Price', `${priceVersion.amount} ${priceVersion.asset}, version ${priceVersion.version}`],
        ...offer.accepts.map(
          (way) =>
            [
              networkName(way.network),
              <span key={way.network}>
                <AmountText amountAtomic={way.amountAtomic} asset={way.asset} /> to{' '}
                <HashText value={way.payTo} what="receiving address" />
              </span>,
            ] as const,
        ),
        ['Issued', <TimeText key="issued" at={offer.issuedAt} />],
        ['Expires', <TimeText key="expires" at={offer.expiresAt} />],
        ['Taken until', <TimeText key="honored" at={offer.honoredUntil} />],
        [
          'Payment',
          paymentId === null || paymentStatus === null ? (
            `none${state === 'open' ? ' yet' : ''}`
          ) : (
            <span key="payment">
              <Link to="/payments/$id" params={{ id: paymentId }}>
                <span className="tb-mono">{paymentId}</span>
              </Link>{' '}
              <CopyButton text={paymentId} what="payment id" /> <PaymentStatus status={paymentStatus} />
            </span>
          ),
        ],
      ]}
    />
  );
}
