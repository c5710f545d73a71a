import { Button, Checkbox, NumberInput, Select, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type Endpoint, endpointSchema } from '@tollbook/contract';
import { useBook } from '../../api/book-context.js';
import { fieldErrorsOf } from '../../api/field-errors.js';
import { tellDone } from '../../api/tell.js';
import { Card } from '../../ui/card.js';
import { FormError } from '../../ui/form-error.js';
import { Icon } from '../../ui/icon.js';
import { PageHeader } from '../../ui/page-header.js';
import { networkName } from '../networks/network-name.js';
import classes from './editor.module.css';
import { OfferPreviewPane } from './offer-preview-pane.js';
import { settleModes } from './settle-modes.js';
import { useOfferPreview } from './use-offer-preview.js';
import { useReceivingNetworks } from './use-receiving-networks.js';

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const previewDelayMs = 300;

type SettleMode = Endpoint['settleMode'];

/** A method, a path and a price; beside it the very 402 that buyers will get. */
export function NewEndpointPage() {
  const { api } = useBook();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const networks = useReceivingNetworks();
  const form = useForm({
    initialValues: {
      method: 'GET',
      path: '/',
      upstream: 'https://',
      description: '',
      amount: '0.01',
      networks: networks.data ?? [],
      settleMode: 'after' as SettleMode,
      paidPerMinute: '' as number | '',
      unpaidPerMinute: '' as number | '',
    },
  });
  const { values } = form;
  const chosen = values.networks.length > 0 ? values.networks : (networks.data ?? []);
  const draft = {
    method: values.method,
    path: values.path,
    description: values.description,
    price: priceOf(values.amount),
    networks: chosen,
  };
  const [settled] = useDebouncedValue(draft, previewDelayMs);
  const preview = useOfferPreview('/v1/endpoints/preview', settled, settled.networks.length > 0 && settled.path !== '');
  const create = useMutation({
    mutationFn: () =>
      api.post('/v1/endpoints', endpointSchema, {
        ...draft,
        upstream: values.upstream,
        settleMode: values.settleMode,
        ...rateLimitOf(values.paidPerMinute, values.unpaidPerMinute),
      }),
    onSuccess: async (endpoint) => {
      await queryClient.invalidateQueries({ queryKey: ['endpoints'] });
      tellDone(`${endpoint.method} ${endpoint.path} is for sale.`);
      await navigate({ to: '/endpoints/$id', params: { id: endpoint.id } });
    },
    onError: (error) => form.setErrors(toFields(fieldErrorsOf(error, wireNames))),
  });
  const isShownAtField = create.error !== null && Object.keys(form.errors).length > 0;
  return (
    <>
      <PageHeader
        title="Create endpoint"
        above={
          <Link to="/endpoints">
            <Icon name="back" size={14} /> Endpoints
          </Link>
        }
        lead="Buyers call it through the gate, pay, and get your upstream's answer."
      />
      <div className={classes.panes}>
        <Card title="What is sold">
          <form
            className={classes.form}
            noValidate
            onSubmit={(event) => {
              event.preventDefault();
              form.clearErrors();
              create.mutate();
            }}
          >
            <div className={classes.row}>
              <Select label="Method" data={methods} allowDeselect={false} w={110} {...form.getInputProps('method')} />
              <TextInput
                label="Path"
                description="As on your own server; :name stands for one step"
                className={classes.grow ?? ''}
                {...form.getInputProps('path')}
              />
            </div>
            <TextInput
              label="Upstream"
              description="Your server. Tollbook calls it once a payment is verified"
              {...form.getInputProps('upstream')}
            />
            <TextInput
              label="Description"
              description="Buyers see it in the offer"
              {...form.getInputProps('description')}
            />
            <TextInput
              label="Price"
              inputMode="decimal"
              rightSection={<span className="tb-muted tb-small">USDC</span>}
              rightSectionWidth={56}
              {...form.getInputProps('amount')}
            />
            <Select
              label="Money moves"
              data={settleModes}
              allowDeselect={false}
              {...form.getInputProps('settleMode')}
            />
            <Checkbox.Group label="Networks" {...form.getInputProps('networks')} value={chosen}>
              <div className={classes.checks}>
                {(networks.data ?? []).map((network) => (
                  <Checkbox key={network} value={network} label={networkName(network)} />
                ))}
                {networks.error ? <FormError error={networks.error} /> : null}
                {networks.data?.length === 0 ? (
                  <p className="tb-muted">
                    No wallet receives yet. <Link to="/settings">Add a wallet</Link> first.
                  </p>
                ) : null}
              </div>
            </Checkbox.Group>
            <div className={classes.equal}>
              <NumberInput
                label="Paid calls a minute"
                description="Each payer; empty means no limit"
                allowDecimal={false}
                min={1}
                {...form.getInputProps('paidPerMinute')}
              />
              <NumberInput
                label="Unpaid calls a minute"
                description="Each address; empty means no limit"
                allowDecimal={false}
                min={1}
                {...form.getInputProps('unpaidPerMinute')}
              />
            </div>
            <FormError error={isShownAtField ? null : create.error} />
            <div className={classes.buttons}>
              <Button type="submit" loading={create.isPending}>
                Create endpoint
              </Button>
            </div>
          </form>
        </Card>
        <OfferPreviewPane preview={preview} />
      </div>
    </>
  );
}

/** Fields as the api names them in its refusals, and as the form does where that differs. */
const wireNames = [
  'method',
  'path',
  'upstream',
  'description',
  'price',
  'networks',
  'settleMode',
  'rateLimit.paidPerMinute',
  'rateLimit.unpaidPerMinute',
];

function toFields(errors: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(errors).map(([name, text]) => [name === 'price' ? 'amount' : name.replace('rateLimit.', ''), text]),
  );
}

/** A price of nothing must be meant: whoever types zero says free. */
function priceOf(text: string) {
  const price = text.trim();
  return { amount: price, ...(/^0+([.]0*)?$/.test(price) ? { free: true } : {}) };
}

function rateLimitOf(paidPerMinute: number | '', unpaidPerMinute: number | '') {
  if (paidPerMinute === '' && unpaidPerMinute === '') return {};
  return {
    rateLimit: {
      ...(paidPerMinute === '' ? {} : { paidPerMinute }),
      ...(unpaidPerMinute === '' ? {} : { unpaidPerMinute }),
    },
  };
}
