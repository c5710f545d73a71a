import '@mantine/charts/styles.css';
import { BarChart } from '@mantine/charts';
import { useMediaQuery } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import type { Overview } from '@tollbook/contract';
import { AmountText } from '../../ui/amount-text.js';
import { Disclosure } from '../../ui/disclosure.js';
import { EmptyState } from '../../ui/empty-state.js';
import { formatAmount } from '../../ui/format-amount.js';
import { formatDay } from '../../ui/format-time.js';
import { PlainTable } from '../../ui/plain-table.js';
import { networkName } from '../networks/network-name.js';
import { niceCeiling } from './nice-ceiling.js';
import { noKey, type RevenueBucket, revenueBuckets } from './revenue-buckets.js';
import classes from './revenue-chart.module.css';

const colors = ['var(--tb-series-1)', 'var(--tb-series-2)', 'var(--tb-series-3)', 'var(--tb-series-4)'];
const precision = 100_000n;
const ticks = [0, 0.25, 0.5, 0.75, 1];

/** Stacked bars of revenue. What the chart is given are lengths, shares of its axis; amounts stay exact text beside it. */
export function RevenueChart({ overview }: { overview: Overview }) {
  const navigate = useNavigate();
  const isPhone = useMediaQuery('(max-width: 47.99em)', undefined, { getInitialValueInEffect: false });
  const asset = overview.revenue.current[0]?.asset ?? 'USDC';
  const buckets = revenueBuckets(overview.series, asset, overview.period.firstDay, overview.period.lastDay);
  const series = seriesOf(overview, asset);
  const most = buckets.reduce((max, { totalAtomic }) => (totalAtomic > max ? totalAtomic : max), 0n);
  if (most === 0n) {
    return <EmptyState title="No revenue in these days">Confirmed payments appear here as bars.</EmptyState>;
  }
  const ceiling = niceCeiling(most);
  const data = buckets.map((bucket, index) => ({
    index,
    label: formatDay(bucket.firstDay),
    ...Object.fromEntries(
      series.map(({ key, name }) => [
        name,
        Number(((bucket.amountsAtomic.get(key) ?? 0n) * precision) / ceiling) / Number(precision),
      ]),
    ),
  }));
  const open = (bucket: RevenueBucket | undefined) => {
    if (bucket) void navigate({ to: '/payments', search: { from: bucket.firstDay, to: bucket.lastDay } });
  };
  return (
    <figure
      className={classes.figure}
      aria-label={`Revenue of ${overview.period.firstDay} to ${overview.period.lastDay}`}
    >
      <div aria-hidden="true">
        <BarChart
          h={isPhone ? 200 : 280}
          data={data}
          dataKey="label"
          type="stacked"
          series={series.map(({ name, color }) => ({ name, color }))}
          gridAxis="x"
          tickLine="none"
          withLegend={series.length > 1}
          legendProps={{ verticalAlign: 'bottom', height: 32 }}
          maxBarWidth={36}
          barProps={{ isAnimationActive: false, cursor: 'pointer', radius: 1 }}
          xAxisProps={{ minTickGap: isPhone ? 40 : 24 }}
          yAxisProps={{
            domain: [0, 1],
            ticks: isPhone ? [0, 0.5, 1] : ticks,
            width: 64,
            tickFormatter: (share: number) => tickText(share, ceiling, asset),
          }}
          barChartProps={{
            accessibilityLayer: false,
            onClick: ({ activeIndex }) => open(buckets[Number(activeIndex ?? -1)]),
          }}
          tooltipAnimationDuration={0}
          tooltipProps={{
            content: ({ active, payload }) => {
              const bucket = active ? buckets[payload?.[0]?.payload?.index ?? -1] : undefined;
              return bucket ? <Tip bucket={bucket} series={series} asset={asset} /> : null;
            },
          }}
        />
      </div>
      <figcaption>
        <p className={classes.summary}>{summaryOf(buckets, asset)}</p>
        <Disclosure label="Show as table">
          <PlainTable
            label="Revenue"
            heads={['From', ...series.map(({ name }) => name), 'Total']}
            rows={buckets
              .filter(({ totalAtomic }) => totalAtomic > 0n)
              .map((bucket) => [
                <button key="day" type="button" className="tb-link" onClick={() => open(bucket)}>
                  {formatDay(bucket.firstDay)}
                </button>,
                ...series.map(({ key }) => (
                  <AmountText key={key} amountAtomic={(bucket.amountsAtomic.get(key) ?? 0n).toString()} asset={asset} />
                )),
                <AmountText key="total" amountAtomic={bucket.totalAtomic.toString()} asset={asset} />,
              ])}
            empty="Nothing"
          />
        </Disclosure>
      </figcaption>
    </figure>
  );
}

interface Series {
  key: string;
  name: string;
  color: string;
}

/** The four largest have a colour of their own; a chart of more would be read by nobody. */
function seriesOf({ series, by }: Overview, asset: string): Series[] {
  const totals = new Map<string, { label: string; totalAtomic: bigint }>();
  for (const point of series) {
    if (point.asset !== asset) continue;
    const key = point.key ?? noKey;
    const before = totals.get(key)?.totalAtomic ?? 0n;
    const label = by === 'network' && point.key !== null ? networkName(point.key) : point.label;
    totals.set(key, { label, totalAtomic: before + BigInt(point.totalAtomic) });
  }
  return [...totals]
    .sort(([, a], [, b]) => (a.totalAtomic < b.totalAtomic ? 1 : -1))
    .map(([key, { label }], index) => ({
      key,
      name: label || 'No endpoint',
      color: colors[index] ?? 'var(--tb-series-other)',
    }));
}

function Tip({ bucket, series, asset }: { bucket: RevenueBucket; series: readonly Series[]; asset: string }) {
  const isWeek = bucket.firstDay !== bucket.lastDay;
  return (
    <div className={classes.tip}>
      <p className={classes.tipHead}>
        {formatDay(bucket.firstDay)}
        {isWeek ? ` – ${formatDay(bucket.lastDay)}` : ''}
      </p>
      {series.map(({ key, name, color }) => (
        <p key={key} className={classes.tipLine}>
          <span className={classes.dot} style={{ background: color }} />
          {name}
          <AmountText amountAtomic={(bucket.amountsAtomic.get(key) ?? 0n).toString()} asset={asset} />
        </p>
      ))}
      <p className="tb-muted tb-small">Click to see the payments</p>
    </div>
  );
}

function tickText(share: number, ceiling: bigint, asset: string): string {
  return formatAmount(((ceiling * BigInt(Math.round(share * 100))) / 100n).toString(), asset, { isCompact: true });
}

function summaryOf(buckets: readonly RevenueBucket[], asset: string): string {
  let best = buckets[0];
  for (const bucket of buckets) if (best && bucket.totalAtomic > best.totalAtomic) best = bucket;
  if (best === undefined) return '';
  return `Most on ${formatDay(best.firstDay)}: ${formatAmount(best.totalAtomic.toString(), asset)} ${asset}.`;
}
