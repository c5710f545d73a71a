import { Button, Checkbox, Modal, Switch, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { webhookEndpointWithSecretSchema, webhookEventTypes } from '@tollbook/contract';
import { useState } from 'react';
import { useBook } from '../../api/book-context.js';
import { fieldErrorsOf } from '../../api/field-errors.js';
import { FormError } from '../../ui/form-error.js';
import { SecretOnce } from '../../ui/secret-once.js';
import classes from './webhooks.module.css';

/** Names an address to be told, and shows its signing secret, this once. */
export function CreateWebhook({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { api } = useBook();
  const queryClient = useQueryClient();
  const [url, setUrl] = useState('');
  const [isAll, setIsAll] = useState(true);
  const [events, setEvents] = useState<string[]>([]);
  const create = useMutation({
    mutationFn: () =>
      api.post('/v1/webhook-endpoints', webhookEndpointWithSecretSchema, {
        url: url.trim(),
        events: isAll ? ['*'] : events,
      }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['webhooks'] }),
  });
  const close = () => {
    onClose();
    setUrl('');
    create.reset();
  };
  const errors = fieldErrorsOf(create.error, ['url', 'events']);
  return (
    <Modal opened={isOpen} onClose={close} title="Create webhook" closeOnClickOutside={create.data === undefined}>
      {create.data ? (
        <SecretOnce secret={create.data.secret} what="signing secret" onDone={close} />
      ) : (
        <form
          className={classes.form}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            create.mutate();
          }}
        >
          <TextInput
            label="Address"
            name="url"
            type="url"
            placeholder="https://example.com/webhooks/tollbook"
            description="A public https address of yours; redirects are not followed"
            value={url}
            onChange={(event) => setUrl(event.currentTarget.value)}
            error={errors.url}
            data-autofocus
          />
          <Switch
            label="Every event, also those that come later"
            checked={isAll}
            onChange={(e) => setIsAll(e.currentTarget.checked)}
          />
          {isAll ? null : (
            <Checkbox.Group label="Events" value={events} onChange={setEvents} error={errors.events}>
              <div className={classes.events}>
                {webhookEventTypes.map((type) => (
                  <Checkbox key={type} value={type} label={type} />
                ))}
              </div>
            </Checkbox.Group>
          )}
          <FormError error={Object.keys(errors).length > 0 ? null : create.error} />
          <div className={classes.buttons}>
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={create.isPending}>
              Create webhook
            </Button>
          </div>
        </form>
      )}
    </Modal>
  );
}
