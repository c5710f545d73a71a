import { Button } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import type { Endpoint } from '@tollbook/contract';
import { useMay } from '../../api/book-context.js';
import { AmountText } from '../../ui/amount-text.js';
import { Card } from '../../ui/card.js';
import { CardLines } from '../../ui/card-lines.js';
import { DataTable } from '../../ui/data-table.js';
import { EmptyState } from '../../ui/empty-state.js';
import { formatNumber } from '../../ui/format-count.js';
import type { DataColumn } from '../../ui/list-parts.js';
import { PageHeader } from '../../ui/page-header.js';
import { QueryView } from '../../ui/query-view.js';
import { networkName } from '../networks/network-name.js';
import { EndpointStateChip } from './endpoint-state.js';
import classes from './endpoints-page.module.css';
import { useEndpointList } from './endpoints-query.js';

/** What is sold, at what price, and how it went this week. */
export function EndpointsPage() {
  const query = useEndpointList();
  const navigate = useNavigate();
  const mayWrite = useMay('endpoints:write');
  const create = mayWrite ? (
    <Button onClick={() => void navigate({ to: '/endpoints/new' })}>Create endpoint</Button>
  ) : null;
  return (
    <>
      <PageHeader title="Endpoints" lead="What you sell, and at what price." actions={create} />
      <Card isFlush>
        <QueryView query={query} failure="Endpoints could not be loaded">
          {({ data }) =>
            data.length === 0 ? (
              <EmptyState title="Nothing is sold yet" action={create}>
                Put a price on a method and a path; buyers get a 402 with your offer at once.
              </EmptyState>
            ) : (
              <DataTable
                label="Endpoints"
                rows={data}
                columns={columns}
                rowId={({ id }) => id}
                onOpen={({ id }) => void navigate({ to: '/endpoints/$id', params: { id } })}
                card={(endpoint) => <EndpointCard endpoint={endpoint} />}
              />
            )
          }
        </QueryView>
      </Card>
    </>
  );
}

const columns: DataColumn<Endpoint>[] = [
  {
    id: 'path',
    header: 'Endpoint',
    isRowHeader: true,
    cell: ({ id, method, path }) => (
      <Link to="/endpoints/$id" params={{ id }} className={classes.path ?? ''}>
        <span className={classes.method}>{method}</span> {path}
      </Link>
    ),
  },
  { id: 'price', header: 'Price', align: 'end', cell: (endpoint) => <Price endpoint={endpoint} /> },
  {
    id: 'networks',
    header: 'Networks',
    isWideOnly: true,
    cell: ({ networks }) => networks.map(networkName).join(', '),
  },
  {
    id: 'payments',
    header: 'Payments, 7 days',
    align: 'end',
    isWideOnly: true,
    cell: ({ id, lastWeek }) =>
      lastWeek === undefined ? (
        '—'
      ) : (
        <Link to="/payments" search={{ endpoint: id }}>
          {formatNumber(lastWeek.payments)}
        </Link>
      ),
  },
  {
    id: 'revenue',
    header: 'Revenue, 7 days',
    align: 'end',
    cell: ({ lastWeek }) =>
      lastWeek === undefined ? '—' : <AmountText amountAtomic={lastWeek.revenueAtomic} asset={lastWeek.asset} />,
  },
  { id: 'state', header: 'State', cell: ({ state }) => <EndpointStateChip state={state} /> },
];

function Price({ endpoint }: { endpoint: Endpoint }) {
  const { price, scheduledPrice } = endpoint;
  if (price === null) return <span className="tb-muted">{scheduledPrice ? 'scheduled' : '—'}</span>;
  if (price.amountAtomic === '0') return <>free</>;
  return <AmountText amountAtomic={price.amountAtomic} asset={price.asset} />;
}

function EndpointCard({ endpoint }: { endpoint: Endpoint }) {
  return (
    <CardLines
      start={
        <Link to="/endpoints/$id" params={{ id: endpoint.id }} className={classes.path ?? ''}>
          {endpoint.method} {endpoint.path}
        </Link>
      }
      end={<EndpointStateChip state={endpoint.state} />}
      below={<Price endpoint={endpoint} />}
      belowEnd={
        endpoint.lastWeek ? (
          <>
            <AmountText amountAtomic={endpoint.lastWeek.revenueAtomic} asset={endpoint.lastWeek.asset} /> this week
          </>
        ) : null
      }
    />
  );
}
