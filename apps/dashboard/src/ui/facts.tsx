import type { ReactNode } from 'react';
import classes from './facts.module.css';

export interface FactsProps {
  facts: readonly (readonly [name: string, value: ReactNode] | null)[];
}

/** Names and values, one a line. */
export function Facts({ facts }: FactsProps) {
  return (
    <dl className={classes.facts}>
      {facts.map((fact) =>
        fact === null ? null : (
          <div key={fact[0]} className={classes.fact}>
            <dt className={classes.name}>{fact[0]}</dt>
            <dd className={classes.value}>{fact[1]}</dd>
          </div>
        ),
      )}
    </dl>
  );
}
