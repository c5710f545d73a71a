import type { ReactNode } from 'react';
import classes from './plain-table.module.css';

export interface PlainTableProps {
  label: string;
  heads: readonly string[];
  /** The first cell names its row; bare numbers stand at the end of theirs. */
  rows: readonly (readonly ReactNode[])[];
  empty: string;
}

/** A small table that is never long: facts in rows, on a phone too. */
export function PlainTable({ label, heads, rows, empty }: PlainTableProps) {
  if (rows.length === 0) return <p className={classes.empty}>{empty}</p>;
  return (
    <div className={classes.scroller}>
      <table className={classes.table} aria-label={label}>
        <thead>
          <tr>
            {heads.map((head, index) => (
              <th key={head} scope="col" data-number={typeof rows[0]?.[index] === 'number' || undefined}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells, rowIndex) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows of a plain table have no identity but their place
            <tr key={rowIndex}>
              {cells.map((cell, index) => {
                const Tag = index === 0 ? 'th' : 'td';
                return (
                  <Tag
                    key={heads[index]}
                    {...(index === 0 ? { scope: 'row' } : {})}
                    data-number={typeof cell === 'number' || undefined}
                  >
                    {typeof cell === 'number' ? cell.toLocaleString('en-US') : cell}
                  </Tag>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
