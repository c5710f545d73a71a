import { Link, useSearch } from '@tanstack/react-router';
import type { Overview, Revenue } from '@tollbook/contract';
import type { ReactNode } from 'react';
import type { RangeSearch } from '../../range.js';
import { AmountText } from '../../ui/amount-text.js';
import { formatAmount } from '../../ui/format-amount.js';
import { formatNumber, formatShare } from '../../ui/format-count.js';
import { shareOfMax } from '../../ui/share-of-max.js';
import { Sparkline } from '../../ui/sparkline.js';
import { SplitBar } from '../../ui/split-bar.js';
import { changeText } from './change-text.js';
import { paymentBuckets, revenueBuckets } from './revenue-buckets.js';
import classes from './tiles.module.css';

const emptyRevenue: Revenue = {
  asset: 'USDC',
  payments: 0,
  total: '0',
  totalAtomic: '0',
  final: '0',
  finalAtomic: '0',
  confirmed: '0',
  confirmedAtomic: '0',
};

/** The four numbers, each a link to the rows that make it up. */
export function Tiles({ overview }: { overview: Overview }) {
  const { period, paidRequests, success, payers } = overview;
  const range: RangeSearch = useSearch({ strict: false });
  const days = { from: period.firstDay, to: period.lastDay };
  const keep = { range: range.range, from: range.from, to: range.to };
  const paid = { status: ['confirmed', 'final'] as ('confirmed' | 'final')[], ...days };
  const rateBefore = success.previous?.rate ?? null;
  const lost = success.current.rate !== null && rateBefore !== null && success.current.rate < rateBefore;
  return (
    <div className={classes.tiles}>
      <RevenueTile overview={overview} keep={keep} />
      <Tile
        name="Paid requests"
        link={
          <Link to="/payments" search={paid} className={classes.value ?? ''}>
            {formatNumber(paidRequests.current)}
          </Link>
        }
        change={changeOf(paidRequests)}
        before={paidRequests.previous === null ? null : formatNumber(paidRequests.previous)}
        shape={shareOfMax(paymentBuckets(overview).map(String))}
      />
      <Tile
        name="Success of signed payments"
        link={
          <Link to="/failures" search={keep} className={classes.value ?? ''}>
            {success.current.rate === null ? '—' : formatShare(success.current.rate)}
          </Link>
        }
        change={`${formatNumber(success.current.paid)} paid, ${formatNumber(success.current.failed)} failed`}
        before={success.previous === null ? null : rateBefore === null ? 'none' : formatShare(rateBefore)}
        isWorse={lost}
      />
      <Tile
        name="Payers"
        link={
          <Link to="/payments" search={paid} className={classes.value ?? ''}>
            {formatNumber(payers.current)}
          </Link>
        }
        change={changeOf(payers)}
        before={payers.previous === null ? null : formatNumber(payers.previous)}
      />
    </div>
  );
}

function RevenueTile({ overview, keep }: { overview: Overview; keep: RangeSearch }) {
  const { current, previous } = overview.revenue;
  const [first = emptyRevenue, ...others] = current;
  const before = previous && (previous.find(({ asset }) => asset === first.asset) ?? emptyRevenue);
  const buckets = revenueBuckets(overview, first.asset);
  const total = BigInt(first.totalAtomic);
  const shareOf = (partAtomic: string) => (total === 0n ? 0 : Number((BigInt(partAtomic) * 1_000n) / total) / 1_000);
  const text = (amountAtomic: string) => formatAmount(amountAtomic, first.asset, { isCompact: true });
  return (
    <Tile
      name="Revenue"
      link={
        <Link to="/reports" search={keep} className={classes.value ?? ''}>
          <AmountText amountAtomic={first.totalAtomic} asset={first.asset} isCompact />
        </Link>
      }
      change={before && changeText(total, BigInt(before.totalAtomic))}
      before={before && text(before.totalAtomic)}
      shape={shareOfMax(buckets.map(({ totalAtomic }) => totalAtomic.toString()))}
    >
      <SplitBar
        parts={[
          { name: 'final', tone: 'final', share: shareOf(first.finalAtomic), text: text(first.finalAtomic) },
          {
            name: 'confirmed',
            tone: 'confirmed',
            share: shareOf(first.confirmedAtomic),
            text: text(first.confirmedAtomic),
          },
        ]}
      />
      {others.map(({ asset, totalAtomic }) => (
        <p key={asset} className="tb-small">
          and <AmountText amountAtomic={totalAtomic} asset={asset} isCompact />
        </p>
      ))}
    </Tile>
  );
}

function changeOf({ current, previous }: { current: number; previous: number | null }): string | null {
  return previous === null ? null : changeText(BigInt(current), BigInt(previous));
}

interface TileProps {
  name: string;
  link: ReactNode;
  /** Null where it is held against nothing. */
  change: string | null;
  before: string | null;
  shape?: readonly number[];
  isWorse?: boolean;
  children?: ReactNode;
}

function Tile({ name, link, change, before, shape, isWorse = false, children }: TileProps) {
  return (
    <section className={classes.tile} aria-label={name}>
      <h2 className={classes.name}>{name}</h2>
      <div className={classes.line}>
        {link}
        {shape ? (
          <span className={classes.shape}>
            <Sparkline points={shape} />
          </span>
        ) : null}
      </div>
      <p className={classes.change}>
        {change === null ? null : <span data-worse={isWorse || undefined}>{change}</span>}
        {before === null ? null : (
          <span className="tb-muted">
            {' · '}
            {before} before
          </span>
        )}
      </p>
      {children}
    </section>
  );
}
