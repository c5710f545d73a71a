import '@mantine/spotlight/styles.css';
import { useMantineColorScheme } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight, spotlight } from '@mantine/spotlight';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { paymentIntentListSchema } from '@tollbook/contract';
import { type ReactNode, useEffect, useState } from 'react';
import { useBook, useMay } from '../api/book-context.js';
import { useEndpointList } from '../features/endpoints/endpoints-query.js';
import { isOfferReference } from '../features/offers/is-offer-reference.js';
import { paymentStatuses } from '../features/payments/payment-status.js';
import { formatAmount } from '../ui/format-amount.js';
import { Icon, type IconName } from '../ui/icon.js';
import { TimeText } from '../ui/time-text.js';
import classes from './palette.module.css';
import { useNavItems } from './use-nav.js';

const findAfterMs = 120;
const foundMax = 6;
/** Shorter words find too much to be asked for at each letter. */
const findLengthMin = 3;

interface Command {
  id: string;
  name: string;
  icon: IconName;
  detail?: ReactNode;
  run: () => void;
}

/** Goes to a page, finds a payment or an endpoint, or does one of the few things that need no page. */
export function Palette({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const [text, setText] = useState('');
  useEffect(() => {
    if (isOpen) spotlight.open();
    else spotlight.close();
  }, [isOpen]);
  return (
    <Spotlight.Root
      query={text}
      onQueryChange={setText}
      onSpotlightClose={onClose}
      shortcut={null}
      scrollable
      maxHeight="min(480px, 70dvh)"
      size={560}
      centered={false}
      overlayProps={{ backgroundOpacity: 0.35, blur: 0 }}
      transitionProps={{ duration: 0 }}
    >
      <Body q={text.trim()} />
    </Spotlight.Root>
  );
}

function Body({ q }: { q: string }) {
  const pages = usePages();
  const endpoints = useEndpoints();
  const actions = useActions();
  const offers = useOffers(q);
  const { payments, isFinding } = usePayments(q);
  const groups = [
    { label: 'Go to', commands: matching(pages, q) },
    { label: 'Endpoints', commands: q === '' ? [] : matching(endpoints, q).slice(0, foundMax) },
    { label: 'Offers', commands: offers },
    { label: 'Payments', commands: payments },
    { label: 'Actions', commands: matching(actions, q) },
  ].filter(({ commands }) => commands.length > 0);
  const runFirst = () => {
    // What came after the last letter stands unselected.
    if (document.querySelector('[data-action][data-selected]') !== null) return;
    const first = groups[0]?.commands[0];
    if (first === undefined) return;
    spotlight.close();
    first.run();
  };
  return (
    <>
      <Spotlight.Search
        aria-label="Go to a page, or find by id, hash, address or endpoint"
        placeholder="Go to a page, or find by id, hash, address or endpoint"
        leftSection={<Icon name="search" />}
        onKeyDown={({ key }) => {
          if (key === 'Enter') runFirst();
        }}
      />
      <Spotlight.ActionsList>
        {groups.map(({ label, commands }) => (
          <Spotlight.ActionsGroup key={label} label={label}>
            {commands.map(({ id, name, icon, detail, run }) => (
              <Spotlight.Action key={id} className={classes.action ?? ''} onClick={run}>
                <Icon name={icon} />
                <span className={classes.name}>{name}</span>
                {detail ? <span className={classes.detail}>{detail}</span> : null}
              </Spotlight.Action>
            ))}
          </Spotlight.ActionsGroup>
        ))}
        {groups.length > 0 ? null : (
          <Spotlight.Empty>{isFinding ? 'Looking' : 'Nothing is found by this'}</Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
    </>
  );
}

function usePages(): Command[] {
  const navigate = useNavigate();
  const pages: Command[] = useNavItems().map(({ to, name, icon, letter }) => ({
    id: to,
    name,
    icon,
    detail: (
      <span className={classes.keys}>
        <kbd>G</kbd> <kbd>{letter.toUpperCase()}</kbd>
      </span>
    ),
    run: () => void navigate({ to }),
  }));
  // Not in the rail: it shows samples of what Failures counts.
  const run = () => void navigate({ to: '/refusals' });
  return [...pages, { id: '/refusals', name: 'Refused payments', icon: 'failures', run }];
}

function useEndpoints(): Command[] {
  const navigate = useNavigate();
  const { data } = useEndpointList();
  return (data?.data ?? []).map(({ id, method, path }) => ({
    id,
    name: `${method} ${path}`,
    icon: 'endpoints',
    run: () => void navigate({ to: '/endpoints/$id', params: { id } }),
  }));
}

function useActions(): Command[] {
  const navigate = useNavigate();
  const maySell = useMay('endpoints:write');
  const { setColorScheme } = useMantineColorScheme();
  return [
    ...(maySell
      ? [
          {
            id: 'new',
            name: 'Create endpoint',
            icon: 'plus' as const,
            run: () => void navigate({ to: '/endpoints/new' }),
          },
        ]
      : []),
    { id: 'light', name: 'Light theme', icon: 'sun', run: () => setColorScheme('light') },
    { id: 'dark', name: 'Dark theme', icon: 'moon', run: () => setColorScheme('dark') },
    { id: 'auto', name: 'Theme of the system', icon: 'system', run: () => setColorScheme('auto') },
  ];
}

/** An offer is named by its reference alone, and whether there is one its page says. */
function useOffers(q: string): Command[] {
  const navigate = useNavigate();
  if (!isOfferReference(q)) return [];
  const run = () => void navigate({ to: '/offers/$id', params: { id: q } });
  return [{ id: 'offer', name: 'Open this offer', icon: 'search', run }];
}

/** What the server finds, and the list with all of it. */
function usePayments(q: string): { payments: Command[]; isFinding: boolean } {
  const { api } = useBook();
  const navigate = useNavigate();
  const [asked] = useDebouncedValue(q, findAfterMs);
  const canFind = asked === q && q.length >= findLengthMin;
  const { data } = useQuery({
    queryKey: ['payments', api.bookSlug, 'palette', asked],
    queryFn: ({ signal }) => api.get('/v1/payments', paymentIntentListSchema, { q: asked, limit: foundMax }, signal),
    enabled: canFind,
  });
  if (q.length < findLengthMin) return { payments: [], isFinding: false };
  if (!canFind || data === undefined) return { payments: [], isFinding: true };
  const found: Command[] = data.data.map((payment) => ({
    id: payment.id,
    name: `${formatAmount(payment.amountAtomic, payment.asset)} ${payment.asset}`,
    icon: 'payments',
    detail: (
      <>
        {paymentStatuses[payment.status].name} · <TimeText at={payment.createdAt} />
      </>
    ),
    run: () => void navigate({ to: '/payments/$id', params: { id: payment.id } }),
  }));
  const all: Command = {
    id: 'all',
    name: `Search payments for “${q}”`,
    icon: 'search',
    run: () => void navigate({ to: '/payments', search: { q } }),
  };
  return { payments: [...found, all], isFinding: false };
}

function matching(commands: readonly Command[], q: string): Command[] {
  const wanted = q.toLowerCase();
  return commands.filter(({ name }) => name.toLowerCase().includes(wanted));
}
