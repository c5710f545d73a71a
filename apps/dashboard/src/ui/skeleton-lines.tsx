import { Skeleton } from '@mantine/core';
import classes from './skeleton-lines.module.css';

export interface SkeletonLinesProps {
  count: number;
  heightPx: number;
  gapPx?: number;
}

/** Grey bars of the final layout's size, seen only when the answer takes longer than 150 ms. */
export function SkeletonLines({ count, heightPx, gapPx = 8 }: SkeletonLinesProps) {
  return (
    <div className={classes.lines} style={{ gap: gapPx }} role="status" aria-label="Loading">
      {Array.from({ length: count }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the bars are all the same
        <Skeleton key={index} height={heightPx} radius={4} />
      ))}
    </div>
  );
}
