import { Link } from '@tanstack/react-router';
import type { Money, Overview } from '@tollbook/contract';
import type { ReactNode } from 'react';
import { AmountText } from '../../ui/amount-text.js';
import { formatCount } from '../../ui/format-count.js';
import { Icon } from '../../ui/icon.js';
import { useSystemTrouble } from '../system/use-system-trouble.js';
import classes from './attention-strip.module.css';

/** What needs a person, each with its one next step; nothing at all when all is well. */
export function AttentionStrip({ attention }: { attention: Overview['attention'] }) {
  const { failingWebhooks, healthState } = useSystemTrouble();
  const { unknown, unmatched, paidNotServed } = attention;
  const items: ReactNode[] = [];
  if (unknown.count > 0) {
    items.push(
      <Item key="unknown" amounts={unknown.amounts}>
        <Link to="/payments" search={{ status: ['unknown'] }}>
          {formatCount(unknown.count, 'payment', 'payments')} with unknown outcome
        </Link>
      </Item>,
    );
  }
  if (unmatched.count > 0) {
    items.push(
      <Item key="unmatched" amounts={unmatched.amounts}>
        <Link to="/unmatched" search={{ kind: 'unmatched' }}>
          {formatCount(unmatched.count, 'transfer', 'transfers')} unmatched
        </Link>
      </Item>,
    );
  }
  if (paidNotServed.count > 0) {
    items.push(
      <Item key="paid-not-served" amounts={paidNotServed.amounts}>
        <Link to="/payments" search={{ flag: ['paid_not_served'] }}>
          {formatCount(paidNotServed.count, 'payment', 'payments')} paid, not served
        </Link>
      </Item>,
    );
  }
  if (failingWebhooks > 0) {
    items.push(
      <Item key="webhooks">
        <Link to="/webhooks">{formatCount(failingWebhooks, 'webhook endpoint fails', 'webhook endpoints fail')}</Link>
      </Item>,
    );
  }
  if (healthState === 'failing' || healthState === 'warning') {
    items.push(
      <Item key="health">
        <Link to="/health">
          {healthState === 'failing' ? 'Something behind the books fails' : 'Health wants a look'}
        </Link>
      </Item>,
    );
  }
  if (items.length === 0) return null;
  return (
    <section className={classes.strip} aria-label="Needs attention">
      <span className={classes.icon}>
        <Icon name="failures" size={18} />
      </span>
      <ul className={classes.items}>{items}</ul>
    </section>
  );
}

function Item({ amounts = [], children }: { amounts?: readonly Money[]; children: ReactNode }) {
  return (
    <li className={classes.item}>
      {children}
      {amounts.map(({ asset, amountAtomic }) => (
        <span key={asset}>
          <AmountText amountAtomic={amountAtomic} asset={asset} isCompact />
        </span>
      ))}
    </li>
  );
}
