import { Button, Modal } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ApiKey, apiKeyListSchema } from '@tollbook/contract';
import { useState } from 'react';
import { useBook, useMay } from '../../api/book-context.js';
import { tellDone } from '../../api/tell.js';
import { Card } from '../../ui/card.js';
import { CardLines } from '../../ui/card-lines.js';
import { Chip, type Tone } from '../../ui/chip.js';
import { DataTable } from '../../ui/data-table.js';
import { EmptyState } from '../../ui/empty-state.js';
import { FormError } from '../../ui/form-error.js';
import type { DataColumn } from '../../ui/list-parts.js';
import { QueryView } from '../../ui/query-view.js';
import { TimeText } from '../../ui/time-text.js';
import { CreateKey } from './create-key.js';
import classes from './settings-page.module.css';

/** The keys of the merchant API. Each secret was shown once and is kept by nobody here. */
export function KeysCard() {
  const { api } = useBook();
  const mayWrite = useMay('keys:write');
  const [isCreating, setIsCreating] = useState(false);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const query = useQuery({
    queryKey: ['keys', api.bookSlug],
    queryFn: ({ signal }) => api.get('/v1/keys', apiKeyListSchema, { limit: 100 }, signal),
  });
  const create = mayWrite ? (
    <Button variant="default" size="xs" onClick={() => setIsCreating(true)}>
      Create key
    </Button>
  ) : null;
  return (
    <Card title="API keys" note="For your own programs. A key names this book by itself." action={create} isFlush>
      <QueryView query={query} failure="Keys could not be loaded">
        {({ data }) =>
          data.length === 0 ? (
            <EmptyState title="No key yet" action={create}>
              A program of yours needs one to use the merchant API.
            </EmptyState>
          ) : (
            <DataTable
              label="API keys"
              rows={data}
              columns={columnsOf(mayWrite ? setRevoking : null)}
              rowId={({ id }) => id}
              card={(key) => <KeyCard apiKey={key} onRevoke={mayWrite ? setRevoking : null} />}
            />
          )
        }
      </QueryView>
      <CreateKey isOpen={isCreating} onClose={() => setIsCreating(false)} />
      <RevokeKey apiKey={revoking} onClose={() => setRevoking(null)} />
    </Card>
  );
}

const states: Readonly<Record<ApiKey['state'], { name: string; tone: Tone }>> = {
  active: { name: 'Active', tone: 'ok' },
  expired: { name: 'Expired', tone: 'neutral' },
  revoked: { name: 'Revoked', tone: 'neutral' },
};

function State({ apiKey }: { apiKey: ApiKey }) {
  const { name, tone } = states[apiKey.state];
  return <Chip tone={tone}>{name}</Chip>;
}

type Revoke = ((key: ApiKey) => void) | null;

function columnsOf(onRevoke: Revoke): DataColumn<ApiKey>[] {
  return [
    { id: 'name', header: 'Name', isRowHeader: true, cell: ({ name }) => name },
    { id: 'prefix', header: 'Begins with', cell: ({ prefix }) => <span className="tb-mono">{prefix}…</span> },
    { id: 'scopes', header: 'May', isWideOnly: true, cell: ({ scopes }) => scopeText(scopes) },
    { id: 'used', header: 'Last used', cell: ({ lastUsedAt }) => <TimeText at={lastUsedAt} otherwise="never" /> },
    { id: 'state', header: 'State', cell: (key) => <State apiKey={key} /> },
    {
      id: 'revoke',
      header: '',
      align: 'end',
      cell: (key) => <RevokeButton apiKey={key} onRevoke={onRevoke} />,
    },
  ];
}

function RevokeButton({ apiKey, onRevoke }: { apiKey: ApiKey; onRevoke: Revoke }) {
  if (onRevoke === null || apiKey.state !== 'active') return null;
  return (
    <Button variant="subtle" color="red" size="compact-sm" onClick={() => onRevoke(apiKey)}>
      Revoke<span className="tb-visually-hidden"> {apiKey.name}</span>
    </Button>
  );
}

function scopeText(scopes: readonly string[]): string {
  return scopes.includes('*') ? 'everything' : scopes.join(', ');
}

function KeyCard({ apiKey, onRevoke }: { apiKey: ApiKey; onRevoke: Revoke }) {
  return (
    <CardLines
      start={apiKey.name}
      end={<State apiKey={apiKey} />}
      below={
        <>
          <span className="tb-mono">{apiKey.prefix}…</span> · <TimeText at={apiKey.lastUsedAt} otherwise="never used" />
        </>
      }
      belowEnd={<RevokeButton apiKey={apiKey} onRevoke={onRevoke} />}
    />
  );
}

function RevokeKey({ apiKey, onClose }: { apiKey: ApiKey | null; onClose: () => void }) {
  const { api } = useBook();
  const queryClient = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => api.remove(`/v1/keys/${apiKey?.id ?? ''}`),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['keys'] });
      tellDone('The key is revoked.');
      onClose();
    },
  });
  return (
    <Modal opened={apiKey !== null} onClose={onClose} title={`Revoke ${apiKey?.name ?? ''}`}>
      <div className={classes.form}>
        <p>Every program that uses this key is refused from now on. This cannot be undone.</p>
        <FormError error={revoke.error} />
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep key
          </Button>
          <Button color="red" loading={revoke.isPending} onClick={() => revoke.mutate()}>
            Revoke key
          </Button>
        </div>
      </div>
    </Modal>
  );
}
