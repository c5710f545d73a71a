import { Button, Modal, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  recoverableCountMax,
  type WebhookEndpoint,
  webhookRecoveryPreviewSchema,
  webhookRecoverySchema,
} from '@tollbook/contract';
import { useState } from 'react';
import { useBook } from '../../api/book-context.js';
import { tellDone } from '../../api/tell.js';
import { FormError } from '../../ui/form-error.js';
import { formatCount } from '../../ui/format-count.js';
import classes from './webhooks.module.css';

const dayMs = 86_400_000;

export interface RecoverWebhooksProps {
  endpoint: Pick<WebhookEndpoint, 'id' | 'failingSince'>;
  onClose: () => void;
}

/** Sends again all that was given up since a time; says first how many those are. */
export function RecoverWebhooks({ endpoint, onClose }: RecoverWebhooksProps) {
  const { api } = useBook();
  const queryClient = useQueryClient();
  const [local, setLocal] = useState(() =>
    localText(endpoint.failingSince === null ? Date.now() - dayMs : Date.parse(endpoint.failingSince)),
  );
  const since = isoOf(local);
  const path = `/v1/webhook-endpoints/${endpoint.id}/recoveries`;
  const preview = useQuery({
    queryKey: ['live', 'recoverable', api.bookSlug, endpoint.id, since],
    queryFn: () => api.post(`${path}/preview`, webhookRecoveryPreviewSchema, { since }),
    enabled: since !== null,
    retry: false,
  });
  const start = useMutation({
    mutationFn: () => api.post(path, webhookRecoverySchema, { since, reason: 'Recovered in the dashboard' }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({
        predicate: ({ queryKey }) => queryKey[0] === 'webhooks' || queryKey[1] === 'deliveries',
      });
      tellDone('They are sent again, under the same ids.');
      onClose();
    },
  });
  const count = preview.data?.count ?? 0;
  return (
    <Modal opened onClose={onClose} title="Recover failed webhooks">
      <form
        className={classes.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          start.mutate();
        }}
      >
        <TextInput
          label="What happened since"
          name="since"
          type="datetime-local"
          description="Your own clock; sixty days back at most"
          value={local}
          onChange={(event) => setLocal(event.currentTarget.value)}
          error={since === null ? 'Choose a day and a time' : null}
          data-autofocus
        />
        <p aria-live="polite">
          {preview.data === undefined
            ? 'Counting what was given up…'
            : count === 0
              ? 'Nothing was given up since then.'
              : `${count >= recoverableCountMax ? 'At least ' : ''}${formatCount(count, 'webhook was', 'webhooks were')} given up. Each is sent again under its id, with all its tries before it.`}
        </p>
        <FormError error={start.error ?? preview.error} />
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={count === 0} loading={start.isPending}>
            {count === 0 ? 'Resend webhooks' : `Resend ${formatCount(count, 'webhook', 'webhooks')}`}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

/** What a field for day and time shows: of the clock of whoever looks. */
function localText(ms: number): string {
  const date = new Date(ms);
  return new Date(ms - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function isoOf(local: string): string | null {
  const date = new Date(local);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
