import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { type AllowedPayer, allowedPayerListSchema } from '@tollbook/contract';
import { useMemo, useState } from 'react';
import { useBook, useMay } from '../../api/book-context.js';
import { Card } from '../../ui/card.js';
import { CardLines } from '../../ui/card-lines.js';
import { DataTable } from '../../ui/data-table.js';
import { EmptyState } from '../../ui/empty-state.js';
import { HashText } from '../../ui/hash-text.js';
import type { DataColumn } from '../../ui/list-parts.js';
import { QueryView } from '../../ui/query-view.js';
import { TimeText } from '../../ui/time-text.js';
import { useEndpointNames } from '../payments/use-endpoint-names.js';
import { AllowPayers } from './allow-payers.js';
import { RemoveAllowedPayer } from './remove-allowed-payer.js';

/** Who alone may pay, where there is such a list. */
export function AllowedPayersCard() {
  const { api } = useBook();
  const mayWrite = useMay('limits:write');
  const endpointName = useEndpointNames();
  const [isAdding, setIsAdding] = useState(false);
  const [removing, setRemoving] = useState<AllowedPayer | null>(null);
  const query = useInfiniteQuery({
    queryKey: ['allowed-payers', api.bookSlug],
    queryFn: ({ pageParam, signal }) =>
      api.get('/v1/allowed-payers', allowedPayerListSchema, { limit: 100, after: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const rows = useMemo(() => query.data?.pages.flatMap(({ data }) => data) ?? [], [query.data]);
  const add = mayWrite ? (
    <Button variant="default" size="xs" onClick={() => setIsAdding(true)}>
      Allow payers
    </Button>
  ) : null;
  const parts = { endpointName, onRemove: mayWrite ? setRemoving : null };
  return (
    <Card
      title="Who may pay"
      note="Where a list stands, nobody else may pay: 403, and nothing is charged. An endpoint’s own list holds before the one for all."
      action={add}
      isFlush
    >
      <QueryView query={query} failure="The lists of payers could not be loaded">
        {() =>
          rows.length === 0 ? (
            <EmptyState title="Anybody may pay" action={add}>
              Name payers here to sell to them alone. To keep one payer out, add an exception that blocks them.
            </EmptyState>
          ) : (
            <DataTable
              label="Payers who may pay"
              rows={rows}
              columns={columnsOf(parts)}
              rowId={({ id }) => id}
              card={(payer) => (
                <CardLines
                  start={<HashText value={payer.payer} what="payer address" />}
                  end={<TakeOff payer={payer} onRemove={parts.onRemove} />}
                  below={placeOf(payer, endpointName)}
                  belowEnd={payer.note}
                />
              )}
              hasMore={query.hasNextPage}
              onNearEnd={() => void query.fetchNextPage()}
            />
          )
        }
      </QueryView>
      {isAdding ? <AllowPayers onClose={() => setIsAdding(false)} /> : null}
      {removing ? (
        <RemoveAllowedPayer
          payer={removing}
          isLast={rows.filter(({ endpointId }) => endpointId === removing.endpointId).length === 1}
          onClose={() => setRemoving(null)}
        />
      ) : null}
    </Card>
  );
}

interface Parts {
  endpointName: (id: string) => string;
  onRemove: ((payer: AllowedPayer) => void) | null;
}

function columnsOf({ endpointName, onRemove }: Parts): DataColumn<AllowedPayer>[] {
  return [
    {
      id: 'payer',
      header: 'Payer',
      isRowHeader: true,
      cell: ({ payer }) => <HashText value={payer} what="payer address" />,
    },
    { id: 'where', header: 'Where', cell: (payer) => placeOf(payer, endpointName) },
    { id: 'note', header: 'Note', isWideOnly: true, cell: ({ note }) => note || '—' },
    { id: 'since', header: 'Since', isWideOnly: true, cell: ({ createdAt }) => <TimeText at={createdAt} /> },
    { id: 'remove', header: '', align: 'end', cell: (payer) => <TakeOff payer={payer} onRemove={onRemove} /> },
  ];
}

function TakeOff({ payer, onRemove }: { payer: AllowedPayer; onRemove: Parts['onRemove'] }) {
  if (onRemove === null) return null;
  return (
    <Button variant="subtle" color="red" size="compact-sm" onClick={() => onRemove(payer)}>
      Take off<span className="tb-visually-hidden"> the list: {payer.payer}</span>
    </Button>
  );
}

function placeOf({ endpointId }: AllowedPayer, endpointName: (id: string) => string): string {
  return endpointId === null ? 'Every endpoint without a list' : endpointName(endpointId);
}
