import { Button, Modal } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { RateLimitOverride } from '@tollbook/contract';
import { useBook } from '../../api/book-context.js';
import { tellDone } from '../../api/tell.js';
import { FormError } from '../../ui/form-error.js';
import { shortenHash } from '../../ui/shorten-hash.js';
import classes from './limits-page.module.css';

/** Takes an exception back; what it takes the place of holds again. */
export function RemoveException({ exception, onClose }: { exception: RateLimitOverride; onClose: () => void }) {
  const { api } = useBook();
  const queryClient = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.remove(`/v1/rate-limits/overrides/${exception.id}`),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['limits'] });
      tellDone('The exception is taken back.');
      onClose();
    },
  });
  const where = exception.endpointId === null ? 'Each endpoint’s own limit holds' : 'The endpoint’s own limit holds';
  return (
    <Modal opened onClose={onClose} title={`Take back the exception for ${shortenHash(exception.subject)}`}>
      <div className={classes.form}>
        <p>{where} for it again, within a second.</p>
        <FormError error={remove.error} />
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep exception
          </Button>
          <Button color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
            Take back exception
          </Button>
        </div>
      </div>
    </Modal>
  );
}
