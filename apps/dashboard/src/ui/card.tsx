import type { ReactNode } from 'react';
import classes from './card.module.css';

export interface CardProps {
  title?: ReactNode;
  /** Stands at the end of the title's line. */
  action?: ReactNode;
  note?: ReactNode;
  /** Content up to the border: for tables. */
  isFlush?: boolean;
  children: ReactNode;
}

/** A bordered part of a page with its own title; it loads and fails by itself. */
export function Card({ title, action, note, isFlush = false, children }: CardProps) {
  return (
    <section className={classes.card}>
      {title === undefined ? null : (
        <header className={classes.head}>
          <div>
            <h2 className={classes.title}>{title}</h2>
            {note ? <p className={classes.note}>{note}</p> : null}
          </div>
          {action ? <div className={classes.action}>{action}</div> : null}
        </header>
      )}
      <div className={isFlush ? classes.flush : classes.body}>{children}</div>
    </section>
  );
}
