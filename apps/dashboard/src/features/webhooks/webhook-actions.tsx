import { Button, Modal, SegmentedControl } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import {
  type WebhookEndpoint,
  webhookEndpointSchema,
  webhookEndpointWithSecretSchema,
  webhookTestSchema,
} from '@tollbook/contract';
import { useState } from 'react';
import { useBook, useMay } from '../../api/book-context.js';
import { tellDone } from '../../api/tell.js';
import { FormError } from '../../ui/form-error.js';
import { SecretOnce } from '../../ui/secret-once.js';
import { RecoverWebhooks } from './recover-webhooks.js';
import classes from './webhooks.module.css';

/** Test, recovery, pause, and a new secret. */
export function WebhookActions({ endpoint }: { endpoint: WebhookEndpoint }) {
  const { api } = useBook();
  const queryClient = useQueryClient();
  const mayWrite = useMay('webhooks:write');
  const [isRotating, setIsRotating] = useState(false);
  const [isRecovering, setIsRecovering] = useState(false);
  const path = `/v1/webhook-endpoints/${endpoint.id}`;
  const refresh = () =>
    queryClient.invalidateQueries({
      predicate: ({ queryKey }) => queryKey[0] === 'webhooks' || queryKey[1] === 'deliveries',
    });
  const test = useMutation({
    mutationFn: () => api.post(`${path}/test`, webhookTestSchema),
    onSuccess: async () => {
      await refresh();
      tellDone('A test event is on its way.');
    },
  });
  const pause = useMutation({
    mutationFn: () =>
      api.patch(path, webhookEndpointSchema, {
        isEnabled: !endpoint.isEnabled,
        reason: endpoint.isEnabled ? 'Paused in the dashboard' : 'Resumed in the dashboard',
      }),
    onSuccess: async (next) => {
      await refresh();
      tellDone(next.isEnabled ? 'It is told again.' : 'It is paused: it is told nothing.');
    },
  });
  if (!mayWrite) return null;
  return (
    <>
      <Button variant="default" loading={test.isPending} disabled={!endpoint.isEnabled} onClick={() => test.mutate()}>
        Send test event
      </Button>
      <Button variant="default" disabled={!endpoint.isEnabled} onClick={() => setIsRecovering(true)}>
        Recover failed
      </Button>
      <Button variant="default" onClick={() => setIsRotating(true)}>
        Rotate secret
      </Button>
      <Button variant="default" loading={pause.isPending} onClick={() => pause.mutate()}>
        {endpoint.isEnabled ? 'Pause webhook' : 'Resume webhook'}
      </Button>
      <FormError error={test.error ?? pause.error} />
      {isRecovering ? <RecoverWebhooks endpoint={endpoint} onClose={() => setIsRecovering(false)} /> : null}
      {isRotating ? <RotateSecret path={path} onClose={() => setIsRotating(false)} /> : null}
    </>
  );
}

const overlaps = [
  { value: '86400', label: 'One day' },
  { value: '604800', label: 'A week' },
  { value: '0', label: 'Not at all' },
];

function RotateSecret({ path, onClose }: { path: string; onClose: () => void }) {
  const { api } = useBook();
  const queryClient = useQueryClient();
  const [overlap, setOverlap] = useState('86400');
  const rotate = useMutation({
    mutationFn: () =>
      api.post(`${path}/rotate-secret`, webhookEndpointWithSecretSchema, { overlapSeconds: Number(overlap) }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['webhooks'] }),
  });
  return (
    <Modal opened onClose={onClose} title="Rotate secret" closeOnClickOutside={rotate.data === undefined}>
      {rotate.data ? (
        <SecretOnce secret={rotate.data.secret} what="signing secret" onDone={onClose} />
      ) : (
        <div className={classes.form}>
          <p>Messages are signed with the new secret from now on. How long shall the old one sign as well?</p>
          <SegmentedControl
            fullWidth
            aria-label="The old secret signs for"
            data={overlaps}
            value={overlap}
            onChange={setOverlap}
          />
          <p className="tb-muted tb-small">
            Choose “Not at all” after a leak: whoever has the old secret can forge nothing then.
          </p>
          <FormError error={rotate.error} />
          <div className={classes.buttons}>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button loading={rotate.isPending} onClick={() => rotate.mutate()}>
              Rotate secret
            </Button>
          </div>
        </div>
      )}
    </Modal>
  );
}
