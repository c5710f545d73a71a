import { Button } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import type { WebhookEndpoint } from '@tollbook/contract';
import { useState } from 'react';
import { useMay } from '../../api/book-context.js';
import { Card } from '../../ui/card.js';
import { CardLines } from '../../ui/card-lines.js';
import { DataTable } from '../../ui/data-table.js';
import { EmptyState } from '../../ui/empty-state.js';
import { formatNumber } from '../../ui/format-count.js';
import type { DataColumn } from '../../ui/list-parts.js';
import { PageHeader } from '../../ui/page-header.js';
import { QueryView } from '../../ui/query-view.js';
import { TimeText } from '../../ui/time-text.js';
import { CreateWebhook } from './create-webhook.js';
import { WebhookState } from './webhook-state.js';
import { useWebhookList } from './webhooks-query.js';

/** Are my systems being told? */
export function WebhooksPage() {
  const query = useWebhookList();
  const navigate = useNavigate();
  const mayWrite = useMay('webhooks:write');
  const [isCreating, setIsCreating] = useState(false);
  const create = mayWrite ? <Button onClick={() => setIsCreating(true)}>Create webhook</Button> : null;
  return (
    <>
      <PageHeader title="Webhooks" lead="Are your systems being told?" actions={create} />
      <Card isFlush>
        <QueryView query={query} failure="Webhooks could not be loaded">
          {({ data }) =>
            data.length === 0 ? (
              <EmptyState title="Nobody is told yet" action={create}>
                Name an address of yours; each change of a payment is sent there, signed, until it is heard.
              </EmptyState>
            ) : (
              <DataTable
                label="Webhook endpoints"
                rows={data}
                columns={columns}
                rowId={({ id }) => id}
                onOpen={({ id }) => void navigate({ to: '/webhooks/$id', params: { id } })}
                card={(endpoint) => <WebhookCard endpoint={endpoint} />}
              />
            )
          }
        </QueryView>
      </Card>
      <CreateWebhook isOpen={isCreating} onClose={() => setIsCreating(false)} />
    </>
  );
}

const columns: DataColumn<WebhookEndpoint>[] = [
  {
    id: 'url',
    header: 'Address',
    isRowHeader: true,
    cell: ({ id, url }) => (
      <Link to="/webhooks/$id" params={{ id }}>
        {url}
      </Link>
    ),
  },
  { id: 'events', header: 'Events', isWideOnly: true, cell: ({ events }) => eventsText(events) },
  { id: 'state', header: 'State', cell: (endpoint) => <WebhookState endpoint={endpoint} /> },
  { id: 'pending', header: 'Waiting', align: 'end', cell: ({ pendingDeliveries }) => formatNumber(pendingDeliveries) },
  {
    id: 'failing',
    header: 'Failing since',
    isWideOnly: true,
    cell: ({ failingSince }) => <TimeText at={failingSince} />,
  },
];

function eventsText(events: readonly string[]): string {
  if (events.includes('*')) return 'everything';
  return events.length === 1 ? (events[0] ?? '') : `${events.length} kinds`;
}

function WebhookCard({ endpoint }: { endpoint: WebhookEndpoint }) {
  return (
    <CardLines
      start={
        <Link to="/webhooks/$id" params={{ id: endpoint.id }}>
          {endpoint.url}
        </Link>
      }
      end={<WebhookState endpoint={endpoint} />}
      below={eventsText(endpoint.events)}
      belowEnd={`${formatNumber(endpoint.pendingDeliveries)} waiting`}
    />
  );
}
