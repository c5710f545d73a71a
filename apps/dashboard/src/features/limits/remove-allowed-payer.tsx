import { Button, Modal } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { AllowedPayer } from '@tollbook/contract';
import { useBook } from '../../api/book-context.js';
import { tellDone } from '../../api/tell.js';
import { FormError } from '../../ui/form-error.js';
import { Notice } from '../../ui/notice.js';
import { shortenHash } from '../../ui/shorten-hash.js';
import classes from './limits-page.module.css';

interface RemoveAllowedPayerProps {
  payer: AllowedPayer;
  /** Without it its list is gone, and anybody may pay there. */
  isLast: boolean;
  onClose: () => void;
}

/** Takes a payer off a list; what they paid before stays theirs. */
export function RemoveAllowedPayer({ payer, isLast, onClose }: RemoveAllowedPayerProps) {
  const { api } = useBook();
  const queryClient = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.remove(`/v1/allowed-payers/${payer.id}${isLast ? '?opens=true' : ''}`),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['allowed-payers'] });
      tellDone('They are off the list.');
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={`Take ${shortenHash(payer.payer)} off the list`}>
      <div className={classes.form}>
        <p>Their payments are refused within a second. What they paid before stays theirs.</p>
        {isLast ? (
          <Notice tone="warn">
            <strong>This is the last one.</strong> Without it the list is gone, and anybody may pay there.
          </Notice>
        ) : null}
        <FormError error={remove.error} />
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep payer
          </Button>
          <Button color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
            {isLast ? 'Open to anybody' : 'Take off'}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
