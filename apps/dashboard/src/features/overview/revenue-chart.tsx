import '@mantine/charts/styles.css';
// The chart's legend is drawn with it.
import '@mantine/core/styles/ColorSwatch.css';
import { BarChart } from '@mantine/charts';
import { useMediaQuery } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import type { Overview } from '@tollbook/contract';
import { type BarShapeProps, Line } from 'recharts';
import { comparisonNames } from '../../range.js';
import { AmountText } from '../../ui/amount-text.js';
import { Disclosure } from '../../ui/disclosure.js';
import { EmptyState } from '../../ui/empty-state.js';
import { formatAmount } from '../../ui/format-amount.js';
import { formatDay } from '../../ui/format-time.js';
import { PlainTable } from '../../ui/plain-table.js';
import { networkName } from '../networks/network-name.js';
import { changeText } from './change-text.js';
import { niceCeiling } from './nice-ceiling.js';
import {
  type Bucket,
  bucketName,
  mostText,
  noKey,
  previousBuckets,
  type RevenueBucket,
  revenueBuckets,
  runningBucket,
} from './revenue-buckets.js';
import classes from './revenue-chart.module.css';

const colors = ['var(--tb-series-1)', 'var(--tb-series-2)', 'var(--tb-series-3)', 'var(--tb-series-4)'];
const precision = 100_000n;
/** The line's values, beside those of the series. */
const beforeKey = '\u0000before';
const ticks = [0, 0.25, 0.5, 0.75, 1];

/** Stacked bars of revenue. What the chart is given are lengths, shares of its axis; amounts stay exact text beside it. */
export function RevenueChart({ overview }: { overview: Overview }) {
  const navigate = useNavigate();
  const isPhone = useMediaQuery('(max-width: 47.99em)', undefined, { getInitialValueInEffect: false });
  const asset = overview.revenue.current[0]?.asset ?? 'USDC';
  const buckets = revenueBuckets(overview, asset);
  const before = previousBuckets(overview, asset);
  const series = seriesOf(overview, asset);
  const mostNow = largest(buckets);
  const mostBefore = largest(before);
  const most = mostNow > mostBefore ? mostNow : mostBefore;
  if (mostNow === 0n) {
    return <EmptyState title="No revenue in these days">Confirmed payments appear here as bars.</EmptyState>;
  }
  const ceiling = niceCeiling(most);
  const nameOf = (bucket: Bucket) => bucketName(bucket, overview.period);
  const running = runningBucket(buckets, overview);
  const shareOf = (amountAtomic: bigint) => Number((amountAtomic * precision) / ceiling) / Number(precision);
  const data = buckets.map((bucket, index) => ({
    index,
    [beforeKey]: before[index] ? shareOf(before[index].totalAtomic) : null,
    ...Object.fromEntries(series.map(({ key, name }) => [name, shareOf(bucket.amountsAtomic.get(key) ?? 0n)])),
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
          dataKey="index"
          type="stacked"
          series={series.map(({ name, color }) => ({ name, color }))}
          gridAxis="x"
          tickLine="none"
          withLegend={series.length > 1}
          legendProps={{ verticalAlign: 'bottom' }}
          maxBarWidth={36}
          barProps={{
            isAnimationActive: false,
            cursor: 'pointer',
            shape: (bar: BarShapeProps) => <BarShape bar={bar} isRunning={buckets[bar.index] === running} />,
          }}
          xAxisProps={{
            minTickGap: isPhone ? 40 : 24,
            tickFormatter: (index: number) => tickName(buckets[index], nameOf),
          }}
          yAxisProps={{
            domain: [0, 1],
            ticks: isPhone ? [0, 0.5, 1] : ticks,
            width: 64,
            tickFormatter: (share: number) => tickText(share, ceiling, asset),
          }}
          barChartProps={{
            accessibilityLayer: false,
            // Room for the label of the uppermost line, which is moved below it otherwise.
            margin: { top: 12 },
            onClick: ({ activeIndex }) => open(buckets[Number(activeIndex ?? -1)]),
          }}
          tooltipAnimationDuration={0}
          tooltipProps={{
            content: ({ active, payload }) => {
              const bucket = active ? buckets[payload?.[0]?.payload?.index ?? -1] : undefined;
              return bucket ? (
                <Tip
                  bucket={bucket}
                  name={nameOf(bucket)}
                  isRunning={bucket === running}
                  before={before[buckets.indexOf(bucket)]}
                  beforeName={comparisonNames[overview.comparison]}
                  series={series}
                  asset={asset}
                />
              ) : null;
            },
          }}
        >
          {before.length === 0 ? null : (
            <Line
              dataKey={beforeKey}
              type="linear"
              stroke="var(--tb-muted)"
              strokeWidth={1.5}
              strokeDasharray="5 4"
              dot={false}
              activeDot={false}
              isAnimationActive={false}
              legendType="none"
              tooltipType="none"
            />
          )}
          <defs>
            <pattern id="revenue-running" width="6" height="6" patternUnits="userSpaceOnUse">
              <path d="M-1,1 l2,-2 M0,6 l6,-6 M5,7 l2,-2" className={classes.hatch} />
            </pattern>
          </defs>
        </BarChart>
      </div>
      <figcaption>
        <p className={classes.summary}>
          {mostText(buckets, overview.period, asset)}
          {before.length === 0 ? null : ` Dashed: ${comparisonNames[overview.comparison].toLowerCase()}.`}
        </p>
        <Disclosure label="Show as table">
          <PlainTable
            label="Revenue"
            heads={['From', ...series.map(({ name }) => name), 'Total', ...(before.length === 0 ? [] : ['Before'])]}
            rows={buckets
              .filter(({ totalAtomic }, index) => totalAtomic > 0n || (before[index]?.totalAtomic ?? 0n) > 0n)
              .map((bucket) => [
                <button key="day" type="button" className="tb-link" onClick={() => open(bucket)}>
                  {nameOf(bucket)}
                </button>,
                ...series.map(({ key }) => (
                  <AmountText key={key} amountAtomic={(bucket.amountsAtomic.get(key) ?? 0n).toString()} asset={asset} />
                )),
                <AmountText key="total" amountAtomic={bucket.totalAtomic.toString()} asset={asset} />,
                ...[before[buckets.indexOf(bucket)]].flatMap((then) =>
                  then ? [<AmountText key="before" amountAtomic={then.totalAtomic.toString()} asset={asset} />] : [],
                ),
              ])}
            empty="Nothing"
          />
        </Disclosure>
      </figcaption>
    </figure>
  );
}

function largest(buckets: readonly RevenueBucket[]): bigint {
  return buckets.reduce((max, { totalAtomic }) => (totalAtomic > max ? totalAtomic : max), 0n);
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

/** A bar that is not over yet is hatched. */
function BarShape({ bar, isRunning }: { bar: BarShapeProps; isRunning: boolean }) {
  const { x, y, width, height, fill } = bar;
  const place = { x, y, width, height };
  return (
    <>
      <rect {...place} fill={fill} />
      {isRunning ? <rect {...place} fill="url(#revenue-running)" /> : null}
    </>
  );
}

function Tip({
  bucket,
  name,
  isRunning,
  before,
  beforeName,
  series,
  asset,
}: {
  bucket: RevenueBucket;
  name: string;
  isRunning: boolean;
  before: RevenueBucket | undefined;
  beforeName: string;
  series: readonly Series[];
  asset: string;
}) {
  const isWeek = bucket.firstDay !== bucket.lastDay;
  return (
    <div className={classes.tip}>
      <p className={classes.tipHead}>
        {name}
        {isWeek ? ` – ${formatDay(bucket.lastDay)}` : ''}
        {isRunning ? ', so far' : ''}
      </p>
      {series.map(({ key, name, color }) => (
        <p key={key} className={classes.tipLine}>
          <span className={classes.dot} style={{ background: color }} />
          {name}
          <AmountText amountAtomic={(bucket.amountsAtomic.get(key) ?? 0n).toString()} asset={asset} />
        </p>
      ))}
      {before ? (
        <p className={classes.tipLine}>
          <span className={classes.dash} />
          {beforeName}
          <span>
            <AmountText amountAtomic={before.totalAtomic.toString()} asset={asset} />
            {isRunning ? null : (
              <span className="tb-muted"> · {changeText(bucket.totalAtomic, before.totalAtomic)}</span>
            )}
          </span>
        </p>
      ) : null}
      <p className="tb-muted tb-small">
        {bucket.hour === null ? 'Click to see the payments' : 'Click to see the payments of the day'}
      </p>
    </div>
  );
}

function tickName(bucket: Bucket | undefined, nameOf: (bucket: Bucket) => string): string {
  return bucket ? nameOf(bucket) : '';
}

function tickText(share: number, ceiling: bigint, asset: string): string {
  return formatAmount(((ceiling * BigInt(Math.round(share * 100))) / 100n).toString(), asset, { isCompact: true });
}
