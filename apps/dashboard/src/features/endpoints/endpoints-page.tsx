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
import { useWeekRevenue } from './use-week-revenue.js';

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
    cell: ({ id }) => <WeekPayments endpointId={id} />,
  },
  { id: 'revenue', header: 'Revenue, 7 days', align: 'end', cell: ({ id }) => <WeekSum endpointId={id} /> },
  { id: 'state', header: 'State', cell: ({ state }) => <EndpointStateChip state={state} /> },
];

function WeekPayments({ endpointId }: { endpointId: string }) {
  const { days, linesOf } = useWeekRevenue();
  const lines = linesOf(endpointId);
  if (lines === null) return <span className="tb-muted">—</span>;
  return (
    <Link to="/payments" search={{ endpoint: endpointId, status: ['confirmed', 'final'], ...days }}>
      {formatNumber(lines.reduce((sum, { payments }) => sum + payments, 0))}
    </Link>
  );
}

function WeekSum({ endpointId }: { endpointId: string }) {
  const lines = useWeekRevenue().linesOf(endpointId);
  if (lines === null || lines.length === 0) return <span className="tb-muted">{lines === null ? '—' : 'none'}</span>;
  return lines.map(({ asset, totalAtomic }) => <AmountText key={asset} amountAtomic={totalAtomic} asset={asset} />);
}

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
        <>
          <WeekSum endpointId={endpoint.id} /> in 7 days
        </>
      }
    />
  );
}
