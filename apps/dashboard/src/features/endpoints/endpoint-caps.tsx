import { Button, NumberInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type Endpoint, endpointSchema } from '@tollbook/contract';
import { useBook, useMay } from '../../api/book-context.js';
import { fieldErrorsOf } from '../../api/field-errors.js';
import { tellDone } from '../../api/tell.js';
import { Card } from '../../ui/card.js';
import { FormError } from '../../ui/form-error.js';
import { bytesOf, mebibytesOf } from '../../ui/mebibytes.js';
import classes from './editor.module.css';

const wireNames = ['timeoutMs', 'requestBytesMax', 'heldBytesMax', 'exposureMax', 'reason'];

/** How long an endpoint waits, what it takes in and holds, and what may stand at risk. */
export function EndpointCaps({ endpoint }: { endpoint: Endpoint }) {
  const { api } = useBook();
  const queryClient = useQueryClient();
  const isLocked = !useMay('endpoints:write') || endpoint.state === 'archived';
  const form = useForm({
    initialValues: {
      timeoutMs: (endpoint.timeoutMs / 1_000) as number | string,
      requestBytesMax: mebibytesOf(endpoint.requestBytesMax),
      heldBytesMax: mebibytesOf(endpoint.heldBytesMax),
      exposureMax: endpoint.exposureMax ?? '',
      reason: '',
    },
  });
  const save = useMutation({
    mutationFn: () => {
      const { timeoutMs, requestBytesMax, heldBytesMax, exposureMax, reason } = form.values;
      return api.patch(`/v1/endpoints/${endpoint.id}`, endpointSchema, {
        timeoutMs: Math.round(Number(timeoutMs) * 1_000),
        requestBytesMax: bytesOf(requestBytesMax),
        heldBytesMax: bytesOf(heldBytesMax),
        exposureMax: exposureMax.trim() === '' ? null : exposureMax.trim(),
        reason: reason.trim(),
      });
    },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['endpoints'] });
      form.setFieldValue('reason', '');
      tellDone('They hold from now on.');
    },
    onError: (error) => form.setErrors(fieldErrorsOf(error, wireNames)),
  });
  const isShownAtField = save.error !== null && Object.keys(form.errors).length > 0;
  const isHeldWhole = endpoint.settleMode === 'after';
  return (
    <Card title="Sizes, time and risk" note="Empty: as the instance is set. A change holds within a second.">
      <form
        className={classes.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          form.clearErrors();
          save.mutate();
        }}
      >
        <fieldset className={classes.form} disabled={isLocked} style={{ border: 0, margin: 0, padding: 0 }}>
          <div className={classes.equal}>
            <NumberInput
              label="Waits for the upstream"
              description="0.1 to 340; a slow one asks for a longer signature"
              suffix=" s"
              min={0}
              decimalScale={3}
              {...form.getInputProps('timeoutMs')}
            />
            <TextInput
              label="May stand at risk"
              description="Whole USDC sent and not confirmed; beyond it a payment is served once it is seen"
              inputMode="numeric"
              placeholder="as the instance"
              {...form.getInputProps('exposureMax')}
            />
          </div>
          <div className={classes.equal}>
            <NumberInput
              label="Largest request"
              description={isHeldWhole ? 'Up to 16 MiB, read before the payment is taken' : 'Up to 1,024 MiB'}
              suffix=" MiB"
              placeholder="as the instance"
              min={0}
              decimalScale={3}
              {...form.getInputProps('requestBytesMax')}
            />
            <NumberInput
              label="Held of an answer"
              description={
                isHeldWhole
                  ? 'Until money has moved, up to 16 MiB; the rest follows it'
                  : 'Nothing now: money moves before the upstream is asked'
              }
              suffix=" MiB"
              placeholder="as the instance"
              min={0}
              decimalScale={3}
              {...form.getInputProps('heldBytesMax')}
            />
          </div>
          <TextInput label="Why (optional)" {...form.getInputProps('reason')} />
        </fieldset>
        <FormError error={isShownAtField ? null : save.error} />
        {isLocked ? null : (
          <div className={classes.buttons}>
            <Button type="submit" loading={save.isPending}>
              Save sizes
            </Button>
          </div>
        )}
      </form>
    </Card>
  );
}
