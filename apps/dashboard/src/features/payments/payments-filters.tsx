import { Button, Menu, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { paymentFlagSchema, paymentIntentStatusSchema } from '@tollbook/contract';
import { useEffect, useState } from 'react';
import { dayRangeOf } from '../../range.js';
import { FilterChips } from '../../ui/filter-chips.js';
import { Icon } from '../../ui/icon.js';
import { shortenHash } from '../../ui/shorten-hash.js';
import { ViewTabs } from '../../ui/view-tabs.js';
import { useZone } from '../../ui/zone-context.js';
import { reasonName } from '../failures/reason-name.js';
import { networkName } from '../networks/network-name.js';
import { discrepancyKinds } from './payment-flags.js';
import { paymentStatuses } from './payment-status.js';
import classes from './payments-filters.module.css';
import { isNarrowed, type PaymentsSearch } from './payments-search.js';
import { useEndpointNames } from './use-endpoint-names.js';

type Status = NonNullable<PaymentsSearch['status']>[number];
type Flag = NonNullable<PaymentsSearch['flag']>[number];

function viewsOf(today: string): readonly { name: string; search: PaymentsSearch }[] {
  return [
    { name: 'All', search: {} },
    { name: 'Needs attention', search: { flag: ['any'] } },
    { name: 'Unknown outcome', search: { status: ['unknown'] } },
    { name: 'Failed today', search: { status: ['failed'], from: today, to: today } },
    { name: 'Late or short', search: { flag: ['late', 'short'] } },
  ];
}

/** Views, a search, and what narrows the list, all in the address. */
export function PaymentsFilters({ search }: { search: PaymentsSearch }) {
  const navigate = useNavigate();
  const endpointName = useEndpointNames();
  const set = (next: PaymentsSearch) => void navigate({ to: '/payments', search: next, replace: true });
  const change = (part: Partial<PaymentsSearch>) => set({ ...search, ...part });
  const views = viewsOf(dayRangeOf({ range: 'today' }, new Date(), useZone()).to);
  const current = views.find((view) => sameSearch(view.search, search));
  const statuses = search.status ?? [];
  const toggle = (status: Status) => {
    const next = statuses.includes(status) ? statuses.filter((each) => each !== status) : [...statuses, status];
    change({ status: next.length === 0 ? undefined : next });
  };
  const flags = search.flag ?? [];
  const toggleFlag = (flag: Flag) => {
    const next = flags.includes(flag) ? flags.filter((each) => each !== flag) : [...flags, flag];
    change({ flag: next.length === 0 ? undefined : next });
  };
  return (
    <div className={classes.bar}>
      <ViewTabs
        label="Views"
        tabs={views.map((view) => ({ name: view.name, isCurrent: view === current, onSelect: () => set(view.search) }))}
      />
      <div className={classes.tools}>
        <QueryField value={search.q ?? ''} onChange={(q) => change({ q: q === '' ? undefined : q })} />
        <Menu closeOnItemClick={false} position="bottom-end" transitionProps={{ duration: 80 }}>
          <Menu.Target>
            <Button variant="default" leftSection={<Icon name="plus" />}>
              Filter
            </Button>
          </Menu.Target>
          <Menu.Dropdown mah={420} style={{ overflowY: 'auto' }}>
            <div className={classes.columns}>
              <div>
                <Menu.Label>Status</Menu.Label>
                {paymentIntentStatusSchema.options.map((status) => (
                  <Menu.CheckboxItem key={status} checked={statuses.includes(status)} onChange={() => toggle(status)}>
                    {paymentStatuses[status].name}
                  </Menu.CheckboxItem>
                ))}
              </div>
              <div>
                <Menu.Label>Flag</Menu.Label>
                {paymentFlagSchema.options.map((flag) => (
                  <Menu.CheckboxItem key={flag} checked={flags.includes(flag)} onChange={() => toggleFlag(flag)}>
                    {flagName(flag)}
                  </Menu.CheckboxItem>
                ))}
              </div>
            </div>
          </Menu.Dropdown>
        </Menu>
      </div>
      <FilterChips
        onClear={isNarrowed(search) ? () => set({}) : undefined}
        chips={[
          ...statuses.map((status) => ({
            name: 'Status',
            value: paymentStatuses[status].name,
            onRemove: () => toggle(status),
          })),
          ...flags.map((flag) => ({ name: 'Flag', value: flagName(flag), onRemove: () => toggleFlag(flag) })),
          ...chipOf('Reason', search.reason && reasonName(search.reason), () => change({ reason: undefined })),
          ...chipOf('Search', search.q, () => change({ q: undefined })),
          ...chipOf('Endpoint', search.endpoint && endpointName(search.endpoint), () =>
            change({ endpoint: undefined }),
          ),
          ...chipOf('Network', search.network && networkName(search.network), () => change({ network: undefined })),
          ...chipOf('Payer', search.payer && shortenHash(search.payer), () => change({ payer: undefined })),
          ...chipOf('From', search.from, () => change({ from: undefined })),
          ...chipOf('To', search.to, () => change({ to: undefined })),
        ]}
      />
    </div>
  );
}

/** Asks when typing pauses, so that the list does not flicker under each letter. */
function QueryField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text.trim() === value) return;
    const timer = setTimeout(() => onChange(text.trim()), 300);
    return () => clearTimeout(timer);
  }, [text, value, onChange]);
  return (
    <TextInput
      className={classes.field ?? ''}
      aria-label="Search these payments"
      placeholder="Id, invoice no., tx hash, payer, order id"
      type="search"
      leftSection={<Icon name="search" />}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  );
}

function flagName(flag: Flag): string {
  return flag === 'any' ? 'Any' : discrepancyKinds[flag].name;
}

function chipOf(name: string, value: string | undefined, onRemove: () => void) {
  return value === undefined || value === '' ? [] : [{ name, value, onRemove }];
}

function sameSearch(a: PaymentsSearch, b: PaymentsSearch): boolean {
  const textOf = (search: PaymentsSearch) =>
    JSON.stringify(
      Object.entries(search)
        .filter(([, value]) => value !== undefined)
        .sort(),
    );
  return textOf(a) === textOf(b);
}
