import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { type RevenueLine, type RevenueReport, revenueReportSchema } from '@tollbook/contract';
import { useBook } from '../../api/book-context.js';
import { dayRangeOf, type RangeSearch } from '../../range.js';
import { AmountText } from '../../ui/amount-text.js';
import { Card } from '../../ui/card.js';
import { CardLines } from '../../ui/card-lines.js';
import { DataTable } from '../../ui/data-table.js';
import { DownloadLink } from '../../ui/download-link.js';
import { EmptyState } from '../../ui/empty-state.js';
import { fractionDigitsOf } from '../../ui/format-amount.js';
import { formatCount, formatNumber } from '../../ui/format-count.js';
import { formatDay, formatDays } from '../../ui/format-time.js';
import type { DataColumn } from '../../ui/list-parts.js';
import { PageHeader } from '../../ui/page-header.js';
import { QueryView } from '../../ui/query-view.js';
import { ViewTabs } from '../../ui/view-tabs.js';
import { useZone } from '../../ui/zone-context.js';
import { networkName } from '../networks/network-name.js';
import classes from './reports-page.module.css';
import { reportGroups } from './reports-search.js';

const route = getRouteApi('/reports');

type Group = (typeof reportGroups)[number];

const groupNames: Readonly<Record<Group, string>> = { day: 'By day', endpoint: 'By endpoint', network: 'By network' };

const heads: Readonly<Record<Group, string>> = { day: 'Day', endpoint: 'Endpoint', network: 'Network' };

/** What came in, for the accountant: on the screen and as a file with the same numbers. */
export function ReportsPage() {
  const { api } = useBook();
  const search = route.useSearch();
  const navigate = useNavigate();
  const ranged: RangeSearch = search;
  const days = dayRangeOf(ranged, new Date(), useZone());
  const by = search.by ?? 'day';
  const query = useQuery({
    queryKey: ['sums', 'revenue', api.bookSlug, days, by],
    queryFn: ({ signal }) => api.get('/v1/reports/revenue', revenueReportSchema, { ...days, groupBy: by }, signal),
  });
  return (
    <>
      <PageHeader
        title="Reports"
        lead="Revenue as it is booked: final cannot be undone, confirmed still can."
        actions={
          <>
            <DownloadLink href={api.href('/v1/reports/payments.csv', { ...days })}>Payments as CSV</DownloadLink>
            <DownloadLink href={api.href('/v1/reports/revenue.csv', { ...days, groupBy: by })}>
              Revenue as CSV
            </DownloadLink>
          </>
        }
      />
      <div className={classes.views}>
        <ViewTabs
          label="Group by"
          tabs={reportGroups.map((group) => ({
            name: groupNames[group],
            isCurrent: group === by,
            onSelect: () =>
              void navigate({
                to: '/reports',
                replace: true,
                search: { ...search, by: group === 'day' ? undefined : group },
              }),
          }))}
        />
      </div>
      <QueryView query={query} failure="The report could not be made">
        {(report) => <Report report={report} by={by} />}
      </QueryView>
    </>
  );
}

function Report({ report, by }: { report: RevenueReport; by: Group }) {
  const { period, data, totals } = report;
  const digits = fractionDigitsOf(
    data.flatMap(({ asset, totalAtomic, confirmedAtomic }) => [
      { asset, amountAtomic: totalAtomic },
      { asset, amountAtomic: confirmedAtomic },
    ]),
  );
  const lines: Line[] = [...data, ...totals.map((total) => ({ ...noGroup, ...total, isTotal: true }))];
  return (
    <Card
      title={`Revenue, ${formatDays(period.firstDay, period.lastDay)}`}
      note={`Days of ${period.zone}. Assets are never added up.`}
      isFlush
    >
      {data.length === 0 ? (
        <EmptyState title="No revenue in these days">Choose other days above.</EmptyState>
      ) : (
        <DataTable
          label="Revenue"
          rows={lines}
          columns={columnsOf(by, digits)}
          rowId={(line) => `${line.asset}-${line.isTotal === true}-${line.day}-${line.endpointId}-${line.network}`}
          card={(line) => <LineCard line={line} by={by} digits={digits} />}
        />
      )}
    </Card>
  );
}

/** A line of the report, or a sum of them all. */
type Line = RevenueLine & { readonly isTotal?: boolean };

const noGroup = { day: null, endpointId: null, endpoint: null, network: null };

function columnsOf(by: Group, fractionDigits: number): DataColumn<Line>[] {
  const amount = (id: string, header: string, of: (line: Line) => string, isWideOnly = false) => ({
    id,
    header,
    align: 'end' as const,
    isWideOnly,
    cell: (line: Line) => <AmountText amountAtomic={of(line)} asset={line.asset} fractionDigits={fractionDigits} />,
  });
  return [
    {
      id: 'group',
      header: heads[by],
      isRowHeader: true,
      cell: (line) => <GroupLink line={line} by={by} />,
    },
    { id: 'payments', header: 'Payments', align: 'end', cell: ({ payments }) => formatNumber(payments) },
    amount('final', 'Final', ({ finalAtomic }) => finalAtomic, true),
    amount('confirmed', 'Confirmed', ({ confirmedAtomic }) => confirmedAtomic, true),
    amount('total', 'Total', ({ totalAtomic }) => totalAtomic),
  ];
}

/** Every number leads to its rows. */
function GroupLink({ line, by }: { line: Line; by: Group }) {
  if (line.isTotal) return <strong>Total</strong>;
  if (by === 'day' && line.day !== null) {
    return (
      <Link to="/payments" search={{ from: line.day, to: line.day }}>
        {formatDay(line.day)}
      </Link>
    );
  }
  if (by === 'endpoint' && line.endpointId !== null) {
    return (
      <Link to="/payments" search={{ endpoint: line.endpointId }}>
        {line.endpoint ?? line.endpointId}
      </Link>
    );
  }
  if (by === 'network' && line.network !== null) {
    return (
      <Link to="/payments" search={{ network: line.network }}>
        {networkName(line.network)}
      </Link>
    );
  }
  return <span className="tb-muted">No endpoint</span>;
}

function LineCard({ line, by, digits }: { line: Line; by: Group; digits: number }) {
  return (
    <CardLines
      start={<GroupLink line={line} by={by} />}
      end={<AmountText amountAtomic={line.totalAtomic} asset={line.asset} fractionDigits={digits} />}
      below={formatCount(line.payments, 'payment', 'payments')}
      belowEnd={
        <>
          final <AmountText amountAtomic={line.finalAtomic} asset={line.asset} withoutAsset />
        </>
      }
    />
  );
}
