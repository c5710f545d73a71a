import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ClientLine, clientsReportSchema } from '@tollbook/contract';
import { useBook } from '../../api/book-context.js';
import type { DayRange } from '../../range.js';
import { Card } from '../../ui/card.js';
import { CardLines } from '../../ui/card-lines.js';
import { Chip } from '../../ui/chip.js';
import { DataTable } from '../../ui/data-table.js';
import { DownloadLink } from '../../ui/download-link.js';
import { EmptyState } from '../../ui/empty-state.js';
import { formatNumber } from '../../ui/format-count.js';
import type { DataColumn } from '../../ui/list-parts.js';
import { QueryView } from '../../ui/query-view.js';
import { reasonName } from './reason-name.js';

/** Which kinds of client are offered something and never pay. */
export function ClientsCard({ days }: { days: DayRange }) {
  const { api } = useBook();
  const query = useQuery({
    queryKey: ['sums', 'clients', api.bookSlug, days],
    queryFn: ({ signal }) => api.get('/v1/reports/clients', clientsReportSchema, { ...days }, signal),
  });
  return (
    <Card
      title="By client"
      note="Kinds of program, told by their user agent. Those that never paid in these days, of three offers or tries and more, stand first."
      action={<DownloadLink href={api.href('/v1/reports/clients.csv', { ...days })}>Clients as CSV</DownloadLink>}
      isFlush
    >
      <QueryView query={query} failure="Clients could not be loaded">
        {({ data }) =>
          data.length === 0 ? (
            <EmptyState title="Nobody asked in these days">
              Every request for a price and every payment is counted here by the kind of program that sent it.
            </EmptyState>
          ) : (
            <DataTable
              label="Clients"
              rows={data}
              columns={columnsOf(days)}
              rowId={({ client }) => client}
              card={(line) => <ClientCard line={line} days={days} />}
            />
          )
        }
      </QueryView>
    </Card>
  );
}

const columnsOf = (days: DayRange): DataColumn<ClientLine>[] => [
  {
    id: 'client',
    header: 'Client',
    isRowHeader: true,
    cell: (line) => (
      <>
        <span className="tb-mono">{clientName(line)}</span> <NeverPays line={line} />
      </>
    ),
  },
  { id: 'versions', header: 'x402', width: '90px', cell: versionsOf },
  { id: 'offered', header: 'Offers', align: 'end', width: '90px', cell: ({ offered }) => formatNumber(offered) },
  {
    id: 'refused',
    header: 'Refused',
    align: 'end',
    width: '90px',
    cell: (line) => <Refused line={line} days={days} />,
  },
  { id: 'failed', header: 'Failed', align: 'end', width: '90px', cell: ({ failed }) => formatNumber(failed) },
  {
    id: 'unknown',
    header: 'Unknown',
    align: 'end',
    width: '90px',
    isWideOnly: true,
    cell: ({ unknown }) => formatNumber(unknown),
  },
  { id: 'paid', header: 'Paid', align: 'end', width: '90px', cell: ({ paid }) => formatNumber(paid) },
  {
    id: 'reason',
    header: 'Most often',
    isWideOnly: true,
    cell: ({ topReason }) => (topReason === null ? <span className="tb-muted">—</span> : reasonName(topReason)),
  },
];

function ClientCard({ line, days }: { line: ClientLine; days: DayRange }) {
  const { offered, failed, paid } = line;
  return (
    <CardLines
      start={<span className="tb-mono">{clientName(line)}</span>}
      end={<NeverPays line={line} />}
      below={`${formatNumber(offered)} offers, ${formatNumber(failed)} failed, ${formatNumber(paid)} paid`}
      belowEnd={<Refused line={line} days={days} unit=" refused" />}
    />
  );
}

function clientName({ client }: ClientLine): string {
  return client === 'none' ? 'did not say' : client;
}

function NeverPays({ line: { neverPays } }: { line: ClientLine }) {
  if (!neverPays) return null;
  return (
    <Chip tone="warn" isSmall>
      Never paid
    </Chip>
  );
}

interface RefusedProps {
  line: ClientLine;
  days: DayRange;
  /** Stands behind the number, where no column says what it counts. */
  unit?: string;
}

function Refused({ line: { client, refused }, days, unit = '' }: RefusedProps) {
  if (refused === 0) return formatNumber(refused) + unit;
  return (
    <Link
      to="/refusals"
      search={{ client, ...days }}
      aria-label={`${formatNumber(refused)} refused of ${client}: samples of them`}
    >
      {formatNumber(refused)}
      {unit}
    </Link>
  );
}

function versionsOf({ versions }: ClientLine) {
  const spoken = versions.flatMap(({ x402Version }) => (x402Version === null ? [] : [`v${x402Version}`]));
  return spoken.length === 0 ? <span className="tb-muted">—</span> : spoken.join(', ');
}
