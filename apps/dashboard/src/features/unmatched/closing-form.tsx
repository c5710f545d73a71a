import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';
import { fieldErrorsOf } from '../../api/field-errors.js';
import { FormError } from '../../ui/form-error.js';
import { resolutionName } from './resolution-name.js';
import classes from './unmatched-page.module.css';

export interface ClosingFormProps {
  /** What it may be closed with, in the words that the server offers; at least one. */
  offered: readonly string[];
  note: string;
  submit: string;
  isPending: boolean;
  error: Error | null;
  onClose: (closing: { resolution: string; note: string }) => void;
}

/** How something ended, and why: asked of one discrepancy and of many. */
export function ClosingForm({ offered, note: written, submit, isPending, error, onClose }: ClosingFormProps) {
  const [chosen, setChosen] = useState(offered[0] ?? '');
  const [note, setNote] = useState(written);
  const isPhone = useMediaQuery('(max-width: 47.99em)', undefined, { getInitialValueInEffect: false });
  const resolution = offered.includes(chosen) ? chosen : (offered[0] ?? '');
  const errors = fieldErrorsOf(error, ['note'], { note: 'Say how it ended, in a few words.' });
  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onClose({ resolution, note: note.trim() });
      }}
    >
      <SegmentedControl
        fullWidth
        orientation={isPhone ? 'vertical' : 'horizontal'}
        aria-label="How it ended"
        data={offered.map((value) => ({ value, label: resolutionName(value) }))}
        value={resolution}
        onChange={setChosen}
      />
      <TextInput
        label="Note"
        required
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        error={errors.note}
      />
      <FormError error={errors.note ? null : error} />
      <div className={classes.buttons}>
        <Button type="submit" variant="default" loading={isPending}>
          {submit}
        </Button>
      </div>
    </form>
  );
}
