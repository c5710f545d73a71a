import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type Endpoint, priceVersionSchema } from '@tollbook/contract';
import { useRef, useState } from 'react';
import { useBook, useMay } from '../../api/book-context.js';
import { fieldErrorsOf } from '../../api/field-errors.js';
import { tellDone } from '../../api/tell.js';
import { AmountText } from '../../ui/amount-text.js';
import { Card } from '../../ui/card.js';
import { FormError } from '../../ui/form-error.js';
import { Notice } from '../../ui/notice.js';
import { TimeText } from '../../ui/time-text.js';
import { networkName } from '../networks/network-name.js';
import classes from './editor.module.css';
import { OfferPreviewPane } from './offer-preview-pane.js';
import { useOfferPreview } from './use-offer-preview.js';

const previewDelayMs = 300;

/** A new price beside the 402 it would make, with the changed lines marked. Publishing makes a new version. */
export function PriceEditor({ endpoint }: { endpoint: Endpoint }) {
  const { price, scheduledPrice } = endpoint;
  const asset = price?.asset ?? scheduledPrice?.asset ?? 'USDC';
  const [amount, setAmount] = useState(price?.amount ?? scheduledPrice?.amount ?? '');
  const [settled] = useDebouncedValue(amount.trim(), previewDelayMs);
  const path = `/v1/endpoints/${endpoint.id}/preview`;
  const now = useOfferPreview(path, draftOf(price?.amount ?? ''), price !== null);
  const preview = useOfferPreview(path, draftOf(settled), settled !== '');
  return (
    <div className={classes.panes}>
      <div className={classes.form}>
        {scheduledPrice ? (
          <Notice tone="info">
            {scheduledPrice.amount} {scheduledPrice.asset} will be asked from{' '}
            <TimeText at={scheduledPrice.activeFrom} />.
          </Notice>
        ) : null}
        <Card
          title="Change the price"
          note={`Paid on ${endpoint.networks.map(networkName).join(', ') || 'no network yet'}`}
        >
          <PriceForm endpoint={endpoint} asset={asset} amount={amount} onAmount={setAmount} />
        </Card>
      </div>
      <OfferPreviewPane preview={preview} before={now.data} />
    </div>
  );
}

interface PriceFormProps {
  endpoint: Endpoint;
  asset: string;
  amount: string;
  onAmount: (text: string) => void;
}

function PriceForm({ endpoint, asset, amount, onAmount }: PriceFormProps) {
  const { api } = useBook();
  const queryClient = useQueryClient();
  const mayWrite = useMay('endpoints:write');
  const [reason, setReason] = useState('');
  const [from, setFrom] = useState('');
  const first = useRef<HTMLInputElement>(null);
  const publish = useMutation({
    mutationFn: () =>
      api.post(`/v1/endpoints/${endpoint.id}/prices`, priceVersionSchema, {
        ...draftOf(amount.trim()),
        reason: reason.trim(),
        ...(from === '' ? {} : { effectiveFrom: new Date(from).toISOString() }),
      }),
    onSuccess: async (version) => {
      await queryClient.invalidateQueries({ queryKey: ['endpoints'] });
      await queryClient.invalidateQueries({ queryKey: ['offer-preview'] });
      const verb = version.state === 'scheduled' ? 'is scheduled' : 'is the price now';
      tellDone(`${version.amount} ${version.asset} ${verb} (version ${version.version}).`);
      setReason('');
      // The button that was pressed is out of reach while it works, and the focus would be lost.
      first.current?.focus();
    },
  });
  const errors = fieldErrorsOf(publish.error, ['amount', 'reason', 'effectiveFrom'], {
    reason: 'Say why the price changes.',
  });
  const isShownAtField = Object.keys(errors).length > 0;
  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        publish.mutate();
      }}
    >
      <div className={classes.compare}>
        <span className="tb-muted">Now</span>
        <span className={classes.big}>
          {endpoint.price === null ? '—' : <AmountText amountAtomic={endpoint.price.amountAtomic} asset={asset} />}
        </span>
        {endpoint.price ? (
          <span className="tb-muted">
            version {endpoint.price.version}, since <TimeText at={endpoint.price.activeFrom} />
          </span>
        ) : null}
      </div>
      <TextInput
        ref={first}
        label="New price"
        name="amount"
        inputMode="decimal"
        autoComplete="off"
        value={amount}
        onChange={(event) => onAmount(event.currentTarget.value)}
        rightSection={<span className="tb-muted tb-small">{asset}</span>}
        rightSectionWidth={56}
        error={errors.amount}
        disabled={!mayWrite}
      />
      <TextInput
        label="Reason"
        name="reason"
        required
        description="Kept for ever in the history and the audit log"
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        error={errors.reason}
        disabled={!mayWrite}
      />
      <TextInput
        label="Start"
        name="effectiveFrom"
        type="datetime-local"
        description="Your own clock; empty means at once"
        value={from}
        onChange={(event) => setFrom(event.currentTarget.value)}
        error={errors.effectiveFrom}
        disabled={!mayWrite}
      />
      <p className="tb-muted tb-small">
        Offers made before the change keep their price until they run out; nobody is charged more than they were
        offered.
      </p>
      <FormError error={isShownAtField ? null : publish.error} />
      {mayWrite ? (
        <div className={classes.buttons}>
          <Button type="submit" loading={publish.isPending}>
            Publish price
          </Button>
        </div>
      ) : (
        <p className="tb-muted">You may look at prices, not change them.</p>
      )}
    </form>
  );
}

/** Whoever types zero means free; the server asks for it to be said. */
function draftOf(amount: string) {
  return { amount, ...(/^0+([.]0*)?$/.test(amount) ? { free: true } : {}) };
}
