import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { type Delivery, deliveryListSchema, deliveryStatusSchema, type WebhookEndpoint } from '@tollbook/contract';
import { useCallback, useMemo } from 'react';
import { useBook } from '../../api/book-context.js';
import { Card } from '../../ui/card.js';
import { CardLines } from '../../ui/card-lines.js';
import { DataTable } from '../../ui/data-table.js';
import { EmptyState } from '../../ui/empty-state.js';
import { Facts } from '../../ui/facts.js';
import { Icon } from '../../ui/icon.js';
import type { DataColumn } from '../../ui/list-parts.js';
import { PageHeader } from '../../ui/page-header.js';
import { QueryView } from '../../ui/query-view.js';
import { shortenHash } from '../../ui/shorten-hash.js';
import { TimeText } from '../../ui/time-text.js';
import { ViewTabs } from '../../ui/view-tabs.js';
import { DeliveryPanel } from './delivery-panel.js';
import { DeliveryStatus } from './delivery-status.js';
import { RecoveryNotice } from './recovery-notice.js';
import { WebhookActions } from './webhook-actions.js';
import { WebhookState } from './webhook-state.js';
import classes from './webhooks.module.css';
import { useWebhook } from './webhooks-query.js';

const route = getRouteApi('/webhooks/$id');

const statusNames: Readonly<Record<Delivery['status'], string>> = {
  pending: 'Pending',
  delivered: 'Delivered',
  exhausted: 'Given up',
  dropped: 'Dropped',
};

/** One webhook endpoint: how it is, what it was told, and what it answered. */
export function WebhookPage() {
  const { id } = route.useParams();
  const query = useWebhook(id);
  return (
    <>
      <PageHeader
        title="Webhook"
        above={
          <Link to="/webhooks">
            <Icon name="back" size={14} /> Webhooks
          </Link>
        }
        beside={query.data ? <WebhookState endpoint={query.data} /> : null}
        lead={query.data?.url ?? null}
        actions={query.data ? <WebhookActions endpoint={query.data} /> : null}
      />
      <QueryView query={query} failure="The webhook could not be loaded">
        {(endpoint) => (
          <div className={classes.top}>
            <EndpointFacts endpoint={endpoint} />
            <RecoveryNotice endpointId={endpoint.id} />
            <Deliveries endpointId={endpoint.id} />
          </div>
        )}
      </QueryView>
    </>
  );
}

function EndpointFacts({ endpoint }: { endpoint: WebhookEndpoint }) {
  return (
    <Card>
      <Facts
        facts={[
          ['Told of', endpoint.events.includes('*') ? 'everything' : endpoint.events.join(', ')],
          ['Waiting', `${endpoint.pendingDeliveries}`],
          endpoint.failingSince === null
            ? null
            : ['Failing since', <TimeText key="failing" at={endpoint.failingSince} />],
          endpoint.oldSecretUntil === null
            ? null
            : ['Old secret signs until', <TimeText key="secret" at={endpoint.oldSecretUntil} />],
          ['Created', <TimeText key="created" at={endpoint.createdAt} />],
        ]}
      />
    </Card>
  );
}

function Deliveries({ endpointId }: { endpointId: string }) {
  const { api } = useBook();
  const search = route.useSearch();
  const navigate = useNavigate();
  const set = (next: typeof search, isPanel = false) =>
    void navigate({
      to: '/webhooks/$id',
      params: { id: endpointId },
      search: next,
      replace: !isPanel,
      resetScroll: false,
    });
  const query = useInfiniteQuery({
    queryKey: ['live', 'deliveries', api.bookSlug, endpointId, search.status],
    queryFn: ({ pageParam, signal }) =>
      api.get(
        '/v1/deliveries',
        deliveryListSchema,
        { webhookEndpoint: endpointId, status: search.status, limit: 50, after: pageParam },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    refetchInterval: 10_000,
  });
  const rows = useMemo(() => query.data?.pages.flatMap(({ data }) => data) ?? [], [query.data]);
  const { fetchNextPage } = query;
  const onNearEnd = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const open = ({ id }: Delivery) => set({ ...search, delivery: id }, true);
  const columns = useColumns(open);
  return (
    <div>
      <div className={classes.views}>
        <ViewTabs
          label="Deliveries"
          tabs={[
            { name: 'All deliveries', isCurrent: search.status === undefined, onSelect: () => set({}) },
            ...deliveryStatusSchema.options.map((status) => ({
              name: statusNames[status],
              isCurrent: search.status === status,
              onSelect: () => set({ status }),
            })),
          ]}
        />
      </div>
      <Card isFlush>
        <QueryView query={query} failure="Deliveries could not be loaded">
          {() =>
            rows.length === 0 ? (
              <EmptyState title={search.status === undefined ? 'Nothing was sent yet' : 'No deliveries match'}>
                Each event of a payment is sent here. Send a test event to try it.
              </EmptyState>
            ) : (
              <DataTable
                label="Deliveries"
                rows={rows}
                columns={columns}
                rowId={({ id }) => id}
                onOpen={open}
                onNearEnd={onNearEnd}
                hasMore={query.hasNextPage}
                isLoadingMore={query.isFetchingNextPage}
                card={(delivery) => <DeliveryCard delivery={delivery} onOpen={open} />}
              />
            )
          }
        </QueryView>
      </Card>
      <DeliveryPanel deliveryId={search.delivery ?? null} onClose={() => set({ status: search.status }, true)} />
    </div>
  );
}

function useColumns(open: (delivery: Delivery) => void): DataColumn<Delivery>[] {
  return [
    {
      id: 'type',
      header: 'Event',
      isRowHeader: true,
      cell: (delivery) => (
        <button type="button" className="tb-link" onClick={() => open(delivery)}>
          {delivery.eventType}
        </button>
      ),
    },
    { id: 'payment', header: 'Payment', cell: ({ paymentId }) => <PaymentLink paymentId={paymentId} /> },
    { id: 'status', header: 'State', cell: ({ status }) => <DeliveryStatus status={status} /> },
    { id: 'code', header: 'Answer', align: 'end', cell: ({ lastHttpStatus }) => lastHttpStatus ?? '—' },
    { id: 'tries', header: 'Tries', align: 'end', cell: ({ tries }) => tries },
    { id: 'next', header: 'Next try', isWideOnly: true, cell: ({ nextAttemptAt }) => <TimeText at={nextAttemptAt} /> },
    { id: 'made', header: 'Made', cell: ({ createdAt }) => <TimeText at={createdAt} /> },
  ];
}

/** What an event is about; nothing for one that is about no payment, such as a test. */
function PaymentLink({ paymentId }: { paymentId: string | null }) {
  if (paymentId === null) return <span className="tb-muted">—</span>;
  return (
    <Link to="/payments/$id" params={{ id: paymentId }} className="tb-mono">
      {shortenHash(paymentId)}
    </Link>
  );
}

function DeliveryCard({ delivery, onOpen }: { delivery: Delivery; onOpen: (delivery: Delivery) => void }) {
  return (
    <CardLines
      start={
        <button type="button" className="tb-link" onClick={() => onOpen(delivery)}>
          {delivery.eventType}
        </button>
      }
      end={<DeliveryStatus status={delivery.status} />}
      below={delivery.lastHttpStatus === null ? 'no answer yet' : `answered ${delivery.lastHttpStatus}`}
      belowEnd={<TimeText at={delivery.createdAt} />}
    />
  );
}
