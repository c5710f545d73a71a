import { Button, Checkbox, Modal, Switch, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { createdApiKeySchema } from '@tollbook/contract';
import { useState } from 'react';
import { useBook } from '../../api/book-context.js';
import { fieldErrorsOf } from '../../api/field-errors.js';
import { FormError } from '../../ui/form-error.js';
import { SecretOnce } from '../../ui/secret-once.js';
import classes from './settings-page.module.css';

/** Makes a key and shows its secret, this once. */
export function CreateKey({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { api, session } = useBook();
  const queryClient = useQueryClient();
  const [name, setName] = useState('');
  const [isFull, setIsFull] = useState(true);
  const [scopes, setScopes] = useState<string[]>([]);
  const create = useMutation({
    mutationFn: () => api.post('/v1/keys', createdApiKeySchema, { name: name.trim(), scopes: isFull ? ['*'] : scopes }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['keys'] }),
  });
  const close = () => {
    onClose();
    setName('');
    create.reset();
  };
  const errors = fieldErrorsOf(create.error, ['name', 'scopes']);
  return (
    <Modal opened={isOpen} onClose={close} title="Create key" closeOnClickOutside={create.data === undefined}>
      {create.data ? (
        <SecretOnce secret={create.data.secret} what="key" onDone={close} />
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
            label="Name"
            value={name}
            onChange={(e) => setName(e.currentTarget.value)}
            error={errors.name}
            data-autofocus
          />
          <Switch
            label="May do everything you may"
            checked={isFull}
            onChange={(e) => setIsFull(e.currentTarget.checked)}
          />
          {isFull ? null : (
            <Checkbox.Group label="May" value={scopes} onChange={setScopes} error={errors.scopes}>
              <div className={classes.scopes}>
                {session.permissions.map((permission) => (
                  <Checkbox key={permission} value={permission} label={permission} />
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
              Create key
            </Button>
          </div>
        </form>
      )}
    </Modal>
  );
}
