import type { ReactNode } from 'react';
import classes from './state.module.css';

export interface EmptyStateProps {
  /** What is not there: "No payments yet". */
  title: string;
  /** What will appear here, in one sentence. */
  children?: ReactNode;
  action?: ReactNode;
}

/** Nothing to show, and the one thing to do about it. */
export function EmptyState({ title, children, action }: EmptyStateProps) {
  return (
    <div className={classes.state}>
      <p className={classes.title}>{title}</p>
      {children ? <div className={classes.text}>{children}</div> : null}
      {action ? <div className={classes.action}>{action}</div> : null}
    </div>
  );
}
