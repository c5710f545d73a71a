import type { ReactNode } from 'react';
import classes from './full-page.module.css';

/** One thing in the middle of an otherwise empty page. */
export function FullPage({ children }: { children: ReactNode }) {
  return (
    <main className={classes.page}>
      <div className={classes.inner}>{children}</div>
    </main>
  );
}
