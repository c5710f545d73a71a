import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { PaymentDetail } from '@tollbook/contract';
import { useBook } from '../../api/book-context.js';
import { Card } from '../../ui/card.js';
import { CopyButton } from '../../ui/copy-button.js';
import { EmptyState } from '../../ui/empty-state.js';
import { formatAmount } from '../../ui/format-amount.js';
import { Icon } from '../../ui/icon.js';
import { JsonView } from '../../ui/json-view.js';
import { PageHeader } from '../../ui/page-header.js';
import { QueryView } from '../../ui/query-view.js';
import { SkeletonLines } from '../../ui/skeleton-lines.js';
import { PaymentDeliveries } from './payment-deliveries.js';
import { PaymentFacts } from './payment-facts.js';
import { PaymentFailure } from './payment-failure.js';
import { PaymentFlags } from './payment-flags.js';
import { PaymentLedger } from './payment-ledger.js';
import { PaymentNote } from './payment-note.js';
import classes from './payment-page.module.css';
import { paymentQuery } from './payment-query.js';
import { PaymentRefunds } from './payment-refunds.js';
import { PaymentStatus } from './payment-status.js';
import { PaymentTimeline } from './payment-timeline.js';

const route = getRouteApi('/payments/$id');

/** One payment: what happened, by whose word, and what the books say. */
export function PaymentPage() {
  const { id } = route.useParams();
  const { api } = useBook();
  const query = useQuery(paymentQuery(api, id));
  return (
    <>
      {query.data ? <Head payment={query.data} /> : <PageHeader title="Payment" above={<Back />} />}
      <QueryView query={query} failure="The payment could not be loaded" skeleton={<PaymentSkeleton />}>
        {(payment) => <Body payment={payment} />}
      </QueryView>
    </>
  );
}

function Back() {
  return (
    <Link to="/payments" className={classes.back ?? ''}>
      <Icon name="back" size={14} /> Payments
    </Link>
  );
}

function Head({ payment }: { payment: PaymentDetail }) {
  return (
    <PageHeader
      title={`${formatAmount(payment.amountAtomic, payment.asset)} ${payment.asset}`}
      above={<Back />}
      beside={
        <>
          <PaymentStatus status={payment.status} />
          <PaymentFlags kinds={payment.discrepancies} />
        </>
      }
      lead={
        <>
          {payment.invoiceNumber ? `${payment.invoiceNumber} · ` : null}
          <span className="tb-mono">{payment.id}</span> <CopyButton text={payment.id} what="payment id" />
        </>
      }
    />
  );
}

function Body({ payment }: { payment: PaymentDetail }) {
  return (
    <>
      <PaymentNote payment={payment} />
      <div className={classes.failure}>
        <PaymentFailure payment={payment} />
      </div>
      <div className={classes.columns}>
        <Tabs defaultValue="timeline" keepMounted={false}>
          <Tabs.List>
            <Tabs.Tab value="timeline">Timeline</Tabs.Tab>
            <Tabs.Tab value="ledger">Ledger</Tabs.Tab>
            <Tabs.Tab value="webhooks">Webhooks</Tabs.Tab>
            <Tabs.Tab value="raw">Raw</Tabs.Tab>
          </Tabs.List>
          <div className={classes.panel}>
            <Tabs.Panel value="timeline">
              <PaymentTimeline payment={payment} />
            </Tabs.Panel>
            <Tabs.Panel value="ledger">
              <PaymentLedger entries={payment.ledgerEntries} />
            </Tabs.Panel>
            <Tabs.Panel value="webhooks">
              {payment.deliveries.length === 0 ? (
                <EmptyState title="Nobody was told">
                  Deliveries appear here when a webhook endpoint listens to this book.
                </EmptyState>
              ) : (
                <PaymentDeliveries deliveries={payment.deliveries} />
              )}
            </Tabs.Panel>
            <Tabs.Panel value="raw">
              <JsonView value={payment} what="payment as JSON" />
            </Tabs.Panel>
          </div>
        </Tabs>
        <div className={classes.side}>
          <Card title="Facts">
            <PaymentFacts payment={payment} />
          </Card>
          <PaymentRefunds payment={payment} />
        </div>
      </div>
    </>
  );
}

function PaymentSkeleton() {
  return (
    <div className={classes.columns}>
      <SkeletonLines count={8} heightPx={36} gapPx={12} />
      <SkeletonLines count={10} heightPx={20} gapPx={10} />
    </div>
  );
}
