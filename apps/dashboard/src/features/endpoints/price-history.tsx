import type { Endpoint, PriceVersion } from '@tollbook/contract';
import { AmountText } from '../../ui/amount-text.js';
import { Card } from '../../ui/card.js';
import { CardLines } from '../../ui/card-lines.js';
import { Chip, type Tone } from '../../ui/chip.js';
import { DataTable } from '../../ui/data-table.js';
import { EmptyState } from '../../ui/empty-state.js';
import type { DataColumn } from '../../ui/list-parts.js';
import { QueryView } from '../../ui/query-view.js';
import { TimeText } from '../../ui/time-text.js';
import { usePriceHistory } from './endpoints-query.js';

/** Every price with its author and reason; none was ever edited. */
export function PriceHistory({ endpoint }: { endpoint: Endpoint }) {
  const query = usePriceHistory(endpoint.id);
  return (
    <Card isFlush>
      <QueryView query={query} failure="The history could not be loaded">
        {({ data }) =>
          data.length === 0 ? (
            <EmptyState title="No price yet" />
          ) : (
            <DataTable
              label="Price versions"
              rows={data}
              columns={columns}
              rowId={({ id }) => id}
              card={(version) => <VersionCard version={version} />}
            />
          )
        }
      </QueryView>
    </Card>
  );
}

const states: Readonly<Record<PriceVersion['state'], { name: string; tone: Tone }>> = {
  scheduled: { name: 'Scheduled', tone: 'info' },
  current: { name: 'Current', tone: 'ok' },
  past: { name: 'Past', tone: 'neutral' },
  canceled: { name: 'Canceled', tone: 'neutral' },
};

const columns: DataColumn<PriceVersion>[] = [
  { id: 'version', header: 'Version', width: '90px', isRowHeader: true, cell: ({ version }) => version },
  {
    id: 'price',
    header: 'Price',
    align: 'end',
    width: '140px',
    cell: ({ amountAtomic, asset }) => <AmountText amountAtomic={amountAtomic} asset={asset} />,
  },
  { id: 'state', header: 'State', cell: ({ state }) => <Chip tone={states[state].tone}>{states[state].name}</Chip> },
  { id: 'from', header: 'From', cell: ({ activeFrom }) => <TimeText at={activeFrom} /> },
  { id: 'to', header: 'To', isWideOnly: true, cell: ({ activeTo }) => <TimeText at={activeTo} /> },
  { id: 'author', header: 'Author', isWideOnly: true, cell: ({ author }) => author },
  { id: 'reason', header: 'Reason', cell: ({ reason }) => <span style={{ whiteSpace: 'normal' }}>{reason}</span> },
];

function VersionCard({ version }: { version: PriceVersion }) {
  return (
    <CardLines
      start={<AmountText amountAtomic={version.amountAtomic} asset={version.asset} />}
      end={<Chip tone={states[version.state].tone}>{states[version.state].name}</Chip>}
      below={version.reason}
      belowEnd={<TimeText at={version.activeFrom} />}
    />
  );
}
