const widthPx = 96;
const heightPx = 28;

export interface SparklineProps {
  /** Shares of the largest, 0 to 1, oldest first. */
  points: readonly number[];
}

/** The shape of a series, no more: the numbers are in the chart and its table. */
export function Sparkline({ points }: SparklineProps) {
  if (points.length < 2) return null;
  const step = widthPx / (points.length - 1);
  const line = points
    .map((share, index) => `${index === 0 ? 'M' : 'L'}${(index * step).toFixed(1)} ${yOf(share).toFixed(1)}`)
    .join('');
  return (
    <svg
      width="100%"
      height={heightPx}
      viewBox={`0 0 ${widthPx} ${heightPx}`}
      aria-hidden="true"
      focusable="false"
      preserveAspectRatio="none"
    >
      <path d={`${line}L${widthPx} ${heightPx}L0 ${heightPx}Z`} fill="var(--tb-accent-soft)" />
      <path d={line} fill="none" stroke="var(--tb-series-1)" strokeWidth={1.5} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}

function yOf(share: number): number {
  return heightPx - 1.5 - share * (heightPx - 3);
}
