import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import type { PaymentIntent } from '@tollbook/contract';
import { useCallback, useMemo, useState } from 'react';
import { useBook } from '../../api/book-context.js';
import { useLiveMessages } from '../../api/live-context.js';
import { AmountText } from '../../ui/amount-text.js';
import { Card } from '../../ui/card.js';
import { CardLines } from '../../ui/card-lines.js';
import { DataTable } from '../../ui/data-table.js';
import { EmptyState } from '../../ui/empty-state.js';
import { formatCount } from '../../ui/format-count.js';
import { HashText } from '../../ui/hash-text.js';
import type { DataColumn } from '../../ui/list-parts.js';
import { PageHeader } from '../../ui/page-header.js';
import { QueryView } from '../../ui/query-view.js';
import { SkeletonLines } from '../../ui/skeleton-lines.js';
import { TimeText } from '../../ui/time-text.js';
import { networkName } from '../networks/network-name.js';
import { PaymentFlags } from './payment-flags.js';
import { PaymentStatus } from './payment-status.js';
import { PaymentsFilters } from './payments-filters.js';
import classes from './payments-page.module.css';
import { paymentsQuery } from './payments-query.js';
import { isNarrowed, type PaymentsSearch } from './payments-search.js';
import { useEndpointNames } from './use-endpoint-names.js';

const route = getRouteApi('/payments');

/** Every payment somebody tried to make, newest first. */
export function PaymentsPage() {
  const search = route.useSearch();
  return (
    <>
      <PageHeader title="Payments" lead="What happened to each payment, from the signature to the books." />
      <PaymentsFilters search={search} />
      <PaymentsList key={JSON.stringify(search)} search={search} />
    </>
  );
}

function PaymentsList({ search }: { search: PaymentsSearch }) {
  const { api } = useBook();
  const navigate = useNavigate();
  const query = useInfiniteQuery(paymentsQuery(api, search));
  const rows = useMemo(() => query.data?.pages.flatMap(({ data }) => data) ?? [], [query.data]);
  const { waiting, showNew } = useNewPayments(search);
  const columns = useColumns();
  const { fetchNextPage } = query;
  const onNearEnd = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  return (
    <Card isFlush>
      <NewPill count={waiting} onShow={showNew} />
      <QueryView query={query} failure="Payments could not be loaded" skeleton={<ListSkeleton />}>
        {() =>
          rows.length === 0 ? (
            <NoPayments isNarrowed={isNarrowed(search)} />
          ) : (
            <>
              <DataTable
                label="Payments"
                rows={rows}
                columns={columns}
                rowId={({ id }) => id}
                onOpen={({ id }) => void navigate({ to: '/payments/$id', params: { id } })}
                onNearEnd={onNearEnd}
                hasMore={query.hasNextPage}
                isLoadingMore={query.isFetchingNextPage}
                card={(payment) => <PaymentCard payment={payment} />}
              />
              <p className={classes.count}>
                {query.hasNextPage
                  ? `${formatCount(rows.length, 'payment', 'payments')} loaded; more below`
                  : formatCount(rows.length, 'payment', 'payments')}
              </p>
            </>
          )
        }
      </QueryView>
    </Card>
  );
}

/** New rows come in by themselves at the top of the page; further down they wait until they are asked for. */
function useNewPayments(search: PaymentsSearch) {
  const { api } = useBook();
  const queryClient = useQueryClient();
  const [waiting, setWaiting] = useState(0);
  const { queryKey } = paymentsQuery(api, search);
  const showNew = () => {
    setWaiting(0);
    window.scrollTo({ top: 0 });
    void queryClient.resetQueries({ queryKey });
  };
  useLiveMessages((messages) => {
    if (messages.length === 0) return;
    if (window.scrollY < 80) void queryClient.invalidateQueries({ queryKey });
    else setWaiting((count) => count + messages.length);
  });
  return { waiting, showNew };
}

function NewPill({ count, onShow }: { count: number; onShow: () => void }) {
  return (
    <div className={classes.pillHolder} aria-live="polite">
      {count > 0 ? (
        <button type="button" className={classes.pill} onClick={onShow}>
          {formatCount(count, 'change', 'changes')} above. Show
        </button>
      ) : null}
    </div>
  );
}

function useColumns(): DataColumn<PaymentIntent>[] {
  const endpointName = useEndpointNames();
  return useMemo(
    () => [
      {
        id: 'at',
        header: 'Time',
        width: '116px',
        isRowHeader: true,
        cell: ({ id, createdAt }) => (
          <Link to="/payments/$id" params={{ id }}>
            <TimeText at={createdAt} />
          </Link>
        ),
      },
      {
        id: 'amount',
        header: 'Amount',
        align: 'end',
        width: '130px',
        cell: ({ amountAtomic, asset }) => <AmountText amountAtomic={amountAtomic} asset={asset} />,
      },
      {
        id: 'status',
        header: 'Status',
        cell: ({ status, discrepancies }) => (
          <span className={classes.chips}>
            <PaymentStatus status={status} />
            <PaymentFlags kinds={discrepancies} />
          </span>
        ),
      },
      { id: 'endpoint', header: 'Endpoint', cell: ({ endpointId }) => endpointName(endpointId) },
      { id: 'payer', header: 'Payer', cell: ({ payer }) => <HashText value={payer} what="payer address" /> },
      { id: 'network', header: 'Network', isWideOnly: true, cell: ({ network }) => networkName(network) },
      { id: 'invoice', header: 'Invoice no.', isWideOnly: true, cell: ({ invoiceNumber }) => invoiceNumber ?? '—' },
    ],
    [endpointName],
  );
}

function PaymentCard({ payment }: { payment: PaymentIntent }) {
  const endpointName = useEndpointNames();
  return (
    <CardLines
      start={
        <Link to="/payments/$id" params={{ id: payment.id }} className={classes.cardLink ?? ''}>
          <AmountText amountAtomic={payment.amountAtomic} asset={payment.asset} />
        </Link>
      }
      end={
        <>
          <PaymentFlags kinds={payment.discrepancies} />
          <PaymentStatus status={payment.status} />
        </>
      }
      below={endpointName(payment.endpointId)}
      belowEnd={<TimeText at={payment.createdAt} />}
    />
  );
}

function NoPayments({ isNarrowed: isFiltered }: { isNarrowed: boolean }) {
  if (isFiltered) {
    return (
      <EmptyState
        title="No payments match"
        action={
          <Link to="/payments" search={{}}>
            Clear all filters
          </Link>
        }
      >
        Nothing in this book fits the filters above.
      </EmptyState>
    );
  }
  return (
    <EmptyState title="No payments yet" action={<Link to="/endpoints">Look at the endpoints</Link>}>
      Each payment appears here the moment a buyer signs it. Make a test payment to see one arrive:{' '}
      <span className="tb-mono">npx tollbook pay {location.origin}/g/demo/weather</span>
    </EmptyState>
  );
}

function ListSkeleton() {
  return (
    <div className={classes.skeleton}>
      <SkeletonLines count={12} heightPx={24} gapPx={16} />
    </div>
  );
}
