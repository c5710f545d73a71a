import { useMediaQuery } from '@mantine/hooks';
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
import { livePayments, mergeLivePayments, withNewPayments } from './merge-live-payments.js';
import { PaymentFlags } from './payment-flags.js';
import { PaymentPeek } from './payment-peek.js';
import { PaymentReason } from './payment-reason.js';
import { PaymentStatus } from './payment-status.js';
import { PaymentsFilters } from './payments-filters.js';
import classes from './payments-page.module.css';
import { paymentsQuery } from './payments-query.js';
import { isNarrowed, type PaymentsSearch } from './payments-search.js';
import { useEndpointNames } from './use-endpoint-names.js';

const route = getRouteApi('/payments');

/** Every payment somebody tried to make, newest first. */
export function PaymentsPage() {
  // Only what is this list's own: the range of another page may still stand in the address.
  const { q, status, flag, reason, network, endpoint, payer, from, to, peek } = route.useSearch();
  const search: PaymentsSearch = { q, status, flag, reason, network, endpoint, payer, from, to };
  return (
    <>
      <PageHeader title="Payments" lead="What happened to each payment, from the signature to the books." />
      <PaymentsFilters search={search} />
      <PaymentsList key={JSON.stringify(search)} search={search} peek={peek} />
    </>
  );
}

function PaymentsList({ search, peek }: { search: PaymentsSearch; peek: string | undefined }) {
  const { api } = useBook();
  const navigate = useNavigate();
  const query = useInfiniteQuery(paymentsQuery(api, search));
  const rows = useMemo(() => query.data?.pages.flatMap(({ data }) => data) ?? [], [query.data]);
  const { waiting, newest, showNew } = useNewPayments(search);
  const columns = useColumns();
  const isPhone = useMediaQuery('(max-width: 47.99em)', undefined, { getInitialValueInEffect: false });
  const show = (id: string | undefined) =>
    void navigate({
      to: '/payments',
      search: { ...search, peek: id },
      replace: peek !== undefined,
      resetScroll: false,
    });
  const closePeek = () => {
    show(undefined);
    document.querySelector<HTMLElement>('main tr[data-current] th a')?.focus();
  };
  const { fetchNextPage } = query;
  const onNearEnd = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const list = (
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
                onOpen={({ id }) => (isPhone ? void navigate({ to: '/payments/$id', params: { id } }) : show(id))}
                onFocusRow={({ id }) => (peek === undefined || peek === id ? undefined : show(id))}
                isCurrent={({ id }) => id === peek}
                isNarrow={peek !== undefined}
                onNearEnd={onNearEnd}
                hasMore={query.hasNextPage}
                isLoadingMore={query.isFetchingNextPage}
                isNew={({ id }) => newest.has(id)}
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
  return (
    <div className={classes.panes} data-peek={peek === undefined ? undefined : true}>
      {list}
      {peek === undefined ? null : <PaymentPeek key={peek} id={peek} onClose={closePeek} />}
    </div>
  );
}

/**
 * Rows that are there change in their place. New ones come in by themselves at the top of an unfiltered list; further
 * down, or where only the server knows whether they fit, they wait behind a pill.
 */
function useNewPayments(search: PaymentsSearch) {
  const { api } = useBook();
  const queryClient = useQueryClient();
  const [waiting, setWaiting] = useState<ReadonlySet<string>>(new Set());
  const { queryKey } = paymentsQuery(api, search);
  const showNew = () => {
    setWaiting(new Set());
    window.scrollTo({ top: 0 });
    void queryClient.resetQueries({ queryKey });
  };
  useLiveMessages((messages) => {
    const pages = queryClient.getQueryData(queryKey);
    const payments = livePayments(messages);
    if (pages === undefined || payments.length === 0) return;
    const merged = mergeLivePayments(pages, payments);
    const isAtTop = window.scrollY < topPx && !isNarrowed(search);
    queryClient.setQueryData(queryKey, isAtTop ? withNewPayments(merged.pages, merged.unseen) : merged.pages);
    if (isAtTop) setNewest(new Set(merged.unseen.map(({ id }) => id)));
    else setWaiting((before) => new Set([...before, ...merged.unseen.map(({ id }) => id)]));
  });
  const [newest, setNewest] = useState<ReadonlySet<string>>(new Set());
  return { waiting: waiting.size, newest, showNew };
}

const topPx = 80;

function NewPill({ count, onShow }: { count: number; onShow: () => void }) {
  return (
    <div className={classes.pillHolder} aria-live="polite">
      {count > 0 ? (
        <button type="button" className={classes.pill} onClick={onShow}>
          {formatCount(count, 'new payment', 'new payments')}. Show
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
        cell: (payment) => (
          <span className={classes.chips}>
            <PaymentStatus status={payment.status} />
            <PaymentFlags kinds={payment.discrepancies} />
            <PaymentReason payment={payment} />
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
      below={
        <span className={classes.below}>
          {endpointName(payment.endpointId)} <PaymentReason payment={payment} />
        </span>
      }
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
