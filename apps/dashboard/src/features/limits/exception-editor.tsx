import { Button, Input, Modal, NativeSelect, NumberInput, SegmentedControl, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type RateLimitOverride, type RateLimitStatus, rateLimitOverrideSchema } from '@tollbook/contract';
import { useState } from 'react';
import { useBook } from '../../api/book-context.js';
import { fieldErrorsOf } from '../../api/field-errors.js';
import { tellDone } from '../../api/tell.js';
import { FormError } from '../../ui/form-error.js';
import classes from './limits-page.module.css';

/** Whom an exception is for, where the page knows it already. */
export interface ExceptionSubject {
  subjectKind: RateLimitOverride['subjectKind'];
  subject: string;
}

type Action = RateLimitOverride['action'];

const hourMs = 3_600_000;
const spans = [
  { value: 'always', label: 'Until it is taken back', ms: null },
  { value: 'hour', label: 'One hour', ms: hourMs },
  { value: 'day', label: '24 hours', ms: 24 * hourMs },
  { value: 'week', label: '7 days', ms: 7 * 24 * hourMs },
  { value: 'month', label: '30 days', ms: 30 * 24 * hourMs },
] as const;

const consequences: Readonly<Record<Action, string>> = {
  limit: 'Counted by these numbers instead of the endpoint’s.',
  allow: 'Never held back, however much it calls. Payments stay as they are.',
  block: 'Payments of a payer are refused with 403, calls of an address with 429; nothing is charged.',
};

export interface ExceptionEditorProps {
  status: RateLimitStatus;
  subject: ExceptionSubject | null;
  onClose: () => void;
}

/** Excepts one payer or network address from the limits, here or everywhere. One it had before is replaced. */
export function ExceptionEditor({ status, subject, onClose }: ExceptionEditorProps) {
  const { api } = useBook();
  const queryClient = useQueryClient();
  const [kind, setKind] = useState(subject?.subjectKind ?? 'payer');
  const [who, setWho] = useState(subject?.subject ?? '');
  const [isEverywhere, setIsEverywhere] = useState(false);
  const [action, setAction] = useState<Action>('limit');
  const [policy, setPolicy] = useState<Policy>({ points: 60, windowSeconds: 60, burst: 0 });
  const [span, setSpan] = useState<string>('always');
  const [reason, setReason] = useState('');
  const save = useMutation({
    mutationFn: () =>
      api.post('/v1/rate-limits/overrides', rateLimitOverrideSchema, {
        subjectKind: kind,
        subject: who.trim(),
        endpointId: isEverywhere ? null : status.endpointId,
        action,
        policy: action === 'limit' ? numbersOf(policy) : null,
        expiresAt: endOf(span),
        reason: reason.trim(),
      }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['limits'] });
      tellDone('The exception holds from now on.');
      onClose();
    },
  });
  const errors = fieldErrorsOf(save.error, ['subject', 'policy', 'expiresAt', 'reason']);
  return (
    <Modal opened onClose={onClose} size="lg" title={`Exception at ${status.method} ${status.path}`}>
      <form
        className={classes.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Choice
          label="For whom"
          value={kind}
          onChange={(next) => setKind(next === 'payer' ? 'payer' : 'address')}
          data={[
            { value: 'payer', label: 'A payer' },
            { value: 'address', label: 'An IP address' },
          ]}
        />
        <TextInput
          label={kind === 'payer' ? 'Payer address' : 'IP address'}
          description={
            kind === 'payer'
              ? 'As it pays on chain'
              : 'Or the code that stands for one in the lists here; only such a code is kept'
          }
          value={who}
          onChange={(event) => setWho(event.currentTarget.value)}
          error={errors.subject}
          classNames={{ input: 'tb-mono' }}
          data-autofocus={subject === null || undefined}
        />
        <Choice
          label="Where"
          value={isEverywhere ? 'everywhere' : 'here'}
          onChange={(next) => setIsEverywhere(next === 'everywhere')}
          data={[
            { value: 'here', label: 'This endpoint' },
            { value: 'everywhere', label: 'Every endpoint' },
          ]}
        />
        <div>
          <Choice
            label="What"
            value={action}
            onChange={(next) => setAction(actionOf(next))}
            data={[
              { value: 'limit', label: 'Own limit' },
              { value: 'allow', label: 'Let through' },
              { value: 'block', label: 'Block' },
            ]}
          />
          <p className="tb-small tb-muted">{consequences[action]}</p>
          {action === 'limit' ? <PolicyFields policy={policy} onChange={setPolicy} error={errors.policy} /> : null}
        </div>
        <NativeSelect
          label="Holds"
          data={spans.map(({ value, label }) => ({ value, label }))}
          value={span}
          onChange={(event) => setSpan(event.currentTarget.value)}
          error={errors.expiresAt}
        />
        <TextInput
          label="Reason"
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          error={errors.reason}
        />
        <FormError error={Object.keys(errors).length > 0 ? null : save.error} />
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending}>
            Save exception
          </Button>
        </div>
      </form>
    </Modal>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  data: { value: string; label: string }[];
}

function Choice({ label, ...control }: ChoiceProps) {
  return (
    <Input.Wrapper label={label} labelElement="div">
      <SegmentedControl fullWidth aria-label={label} {...control} />
    </Input.Wrapper>
  );
}

interface Policy {
  points: number | string;
  windowSeconds: number | string;
  burst: number | string;
}

interface PolicyFieldsProps {
  policy: Policy;
  onChange: (policy: Policy) => void;
  error: string | undefined;
}

function PolicyFields({ policy, onChange, error }: PolicyFieldsProps) {
  const field = (name: keyof Policy, label: string) => (
    <NumberInput
      label={label}
      allowDecimal={false}
      allowNegative={false}
      hideControls
      value={policy[name]}
      onChange={(value) => onChange({ ...policy, [name]: value })}
      error={name === 'points' ? error : undefined}
    />
  );
  return (
    <div className={classes.fields}>
      {field('points', 'Calls')}
      {field('windowSeconds', 'Window, in seconds')}
      {field('burst', 'Burst')}
    </div>
  );
}

/** An empty field is sent as nothing, so that the server names what it may be. */
function numbersOf({ points, windowSeconds, burst }: Policy) {
  return { points: Number(points), windowSeconds: Number(windowSeconds), burst: Number(burst) };
}

function endOf(span: string): string | null {
  const ms = spans.find(({ value }) => value === span)?.ms ?? null;
  return ms === null ? null : new Date(Date.now() + ms).toISOString();
}

function actionOf(value: string): Action {
  return value === 'allow' || value === 'block' ? value : 'limit';
}
