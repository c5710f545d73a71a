import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { type FailureLine, type Fixer, failuresReportSchema } from '@tollbook/contract';
import { useBook } from '../../api/book-context.js';
import { type DayRange, dayRangeOf, type RangeSearch } from '../../range.js';
import { AmountText } from '../../ui/amount-text.js';
import { Card } from '../../ui/card.js';
import { CardLines } from '../../ui/card-lines.js';
import { DataTable } from '../../ui/data-table.js';
import { DownloadLink } from '../../ui/download-link.js';
import { EmptyState } from '../../ui/empty-state.js';
import { formatCount, formatNumber } from '../../ui/format-count.js';
import type { DataColumn } from '../../ui/list-parts.js';
import { PageHeader } from '../../ui/page-header.js';
import { QueryView } from '../../ui/query-view.js';
import { useZone } from '../../ui/zone-context.js';
import { changeText } from '../overview/change-text.js';
import { ClientsCard } from './clients-card.js';
import classes from './failures-page.module.css';
import { fixerNames } from './fixer-name.js';
import { reasonName } from './reason-name.js';

const order: readonly Fixer[] = ['you', 'us', 'facilitator', 'chain', 'buyer'];

/** Why buyers fail to pay, by who can do something about it. */
export function FailuresPage() {
  const { api } = useBook();
  const search: RangeSearch = useSearch({ strict: false });
  const days = dayRangeOf(search, new Date(), useZone());
  const query = useQuery({
    queryKey: ['sums', 'failures', api.bookSlug, days],
    queryFn: ({ signal }) => api.get('/v1/reports/failures', failuresReportSchema, { ...days }, signal),
  });
  return (
    <>
      <PageHeader
        title="Failures"
        lead="Why do buyers fail to pay, and who can fix it?"
        actions={
          <>
            <Link to="/refusals" search={{ ...days }}>
              Refused payments
            </Link>
            <DownloadLink href={api.href('/v1/reports/failures.csv', { ...days })}>Download CSV</DownloadLink>
          </>
        }
      />
      <QueryView query={query} failure="Failures could not be loaded">
        {({ data }) =>
          data.length === 0 ? (
            <Card>
              <EmptyState title="Nothing failed in these days">
                Payments that were refused at the gate, or failed after they were claimed, appear here by reason.
              </EmptyState>
            </Card>
          ) : (
            <div className={classes.groups}>
              {order.map((fixer) => (
                <Group key={fixer} fixer={fixer} lines={data.filter((line) => line.fixer === fixer)} days={days} />
              ))}
            </div>
          )
        }
      </QueryView>
      <div className={classes.clients}>
        <ClientsCard days={days} />
      </div>
    </>
  );
}

function Group({ fixer, lines, days }: { fixer: Fixer; lines: readonly FailureLine[]; days: DayRange }) {
  if (lines.length === 0) return null;
  const { name, advice } = fixerNames[fixer];
  const total = lines.reduce((sum, { count }) => sum + count, 0);
  return (
    <Card title={`${name}: ${formatCount(total, 'failure', 'failures')}`} note={advice} isFlush>
      <DataTable
        label={`Failures that can be fixed by ${name}`}
        rows={lines}
        columns={columnsOf(days)}
        rowId={({ reason }) => reason}
        card={(line) => <FailureCard line={line} days={days} />}
      />
    </Card>
  );
}

const columnsOf = (days: DayRange): DataColumn<FailureLine>[] => [
  {
    id: 'reason',
    header: 'Reason',
    isRowHeader: true,
    cell: ({ reason }) => (
      <>
        {reasonName(reason)} <span className="tb-mono tb-muted">{reason}</span>
      </>
    ),
  },
  {
    id: 'refused',
    header: 'Refused at the gate',
    align: 'end',
    width: '130px',
    cell: (line) => <Refused line={line} days={days} />,
  },
  {
    id: 'failed',
    header: 'Failed later',
    align: 'end',
    width: '120px',
    cell: (line) => <Failed line={line} days={days} />,
  },
  {
    id: 'amounts',
    header: 'At risk',
    align: 'end',
    isWideOnly: true,
    width: '150px',
    cell: (line) => <Amounts line={line} />,
  },
  {
    id: 'change',
    header: 'Against before',
    align: 'end',
    width: '150px',
    isWideOnly: true,
    cell: (line) => <Change line={line} />,
  },
];

/** Leads to the samples of them, which may be fewer than were counted. */
function Refused({ line: { refused, reason }, days }: { line: FailureLine; days: DayRange }) {
  if (refused === 0) return formatNumber(refused);
  return (
    <Link to="/refusals" search={{ reason, ...days }} aria-label={`${formatNumber(refused)} refused: samples of them`}>
      {formatNumber(refused)}
    </Link>
  );
}

/** Leads to the payments; one that was tried in vain and paid after all is not among them. */
function Failed({ line: { failed, reason }, days }: { line: FailureLine; days: DayRange }) {
  if (failed === 0) return formatNumber(failed);
  return (
    <Link to="/payments" search={{ reason, ...days }} aria-label={`${formatNumber(failed)} failed later: the payments`}>
      {formatNumber(failed)}
    </Link>
  );
}

function Amounts({ line }: { line: FailureLine }) {
  if (line.amounts.length === 0) return <span className="tb-muted">—</span>;
  return line.amounts.map(({ asset, amountAtomic }) => (
    <AmountText key={asset} amountAtomic={amountAtomic} asset={asset} />
  ));
}

/** Only worse failures are red. */
function Change({ line }: { line: FailureLine }) {
  const isWorse = line.previousCount > 0 && line.count > line.previousCount;
  return (
    <span style={isWorse ? { color: 'var(--tb-bad)' } : undefined}>
      {changeText(BigInt(line.count), BigInt(line.previousCount))}
    </span>
  );
}

function FailureCard({ line, days }: { line: FailureLine; days: DayRange }) {
  const { reason } = line;
  const name = reasonName(reason);
  return (
    <CardLines
      start={
        line.failed > 0 ? (
          <Link to="/payments" search={{ reason, ...days }}>
            {name}
          </Link>
        ) : (
          <Link to="/refusals" search={{ reason, ...days }}>
            {name}
          </Link>
        )
      }
      end={formatNumber(line.count)}
      below={<span className="tb-mono">{line.reason}</span>}
      belowEnd={<Change line={line} />}
    />
  );
}
