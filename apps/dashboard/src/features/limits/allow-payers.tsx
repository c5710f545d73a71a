import { Button, Modal, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { addedPayersSchema } from '@tollbook/contract';
import { useState } from 'react';
import { useBook } from '../../api/book-context.js';
import { tellDone } from '../../api/tell.js';
import { FormError } from '../../ui/form-error.js';
import { useEndpointList } from '../endpoints/endpoints-query.js';
import classes from './limits-page.module.css';

/** Puts payers on a list, all at once: whoever is not on it is shut out from then on. */
export function AllowPayers({ onClose }: { onClose: () => void }) {
  const { api } = useBook();
  const queryClient = useQueryClient();
  const { data: endpoints } = useEndpointList();
  const [text, setText] = useState('');
  const [endpointId, setEndpointId] = useState('');
  const [note, setNote] = useState('');
  const payers = text.split(/[\s,;]+/).filter((each) => each !== '');
  const save = useMutation({
    mutationFn: () =>
      api.post('/v1/allowed-payers', addedPayersSchema, {
        endpointId: endpointId === '' ? null : endpointId,
        payers,
        note: note.trim(),
      }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['allowed-payers'] });
      tellDone('The list holds from now on.');
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} size="lg" title="Allow payers">
      <form
        className={classes.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <NativeSelect
          label="Where"
          value={endpointId}
          onChange={(event) => setEndpointId(event.currentTarget.value)}
          data={[
            { value: '', label: 'Every endpoint without a list of its own' },
            ...(endpoints?.data ?? []).map(({ id, method, path }) => ({ value: id, label: `${method} ${path}` })),
          ]}
        />
        <Textarea
          label="Payer addresses"
          description="As they pay on chain, one a line. Within a second nobody else may pay there."
          autosize
          minRows={3}
          maxRows={12}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          classNames={{ input: 'tb-mono' }}
          data-autofocus
        />
        <TextInput label="Note" value={note} onChange={(event) => setNote(event.currentTarget.value)} />
        <FormError error={save.error} />
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending} disabled={payers.length === 0}>
            Allow {payers.length === 1 ? '1 payer' : `${payers.length} payers`}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
