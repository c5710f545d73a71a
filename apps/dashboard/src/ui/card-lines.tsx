import type { ReactNode } from 'react';
import classes from './card-lines.module.css';

export interface CardLinesProps {
  start: ReactNode;
  end: ReactNode;
  below: ReactNode;
  belowEnd?: ReactNode;
}

/** The two lines of a card: what and how much above, where and when below. */
export function CardLines({ start, end, below, belowEnd }: CardLinesProps) {
  return (
    <>
      <div className={classes.line}>
        <div className={classes.start}>{start}</div>
        <div className={classes.end}>{end}</div>
      </div>
      <div className={classes.below}>
        <div className={classes.start}>{below}</div>
        <div className={classes.end}>{belowEnd}</div>
      </div>
    </>
  );
}
