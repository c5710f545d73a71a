import type { ComparedLine } from '@tollbook/contract';
import { Chip } from '../../ui/chip.js';
import classes from './comparison-table.module.css';

const names: Readonly<Record<string, string>> = {
  scheme: 'Scheme',
  network: 'Network',
  resource: 'Request',
  asset: 'Token',
  recipient: 'Paid to',
  amount: 'Amount',
  validAfter: 'Valid after',
  validBefore: 'Valid before',
  signer: 'Signed by',
  terms: 'Other terms',
};

/** What was asked beside what came, field by field; what differs says so in a word, not by colour alone. */
export function ComparisonTable({ lines }: { lines: readonly ComparedLine[] }) {
  return (
    <table className={classes.table} aria-label="Expected and received">
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Expected</th>
          <th scope="col">Received</th>
        </tr>
      </thead>
      <tbody>
        {lines.map(({ field, expected, received, differs }) => (
          <tr key={field} data-differs={differs || undefined}>
            <th scope="row">
              {names[field] ?? field}{' '}
              {differs ? (
                <Chip tone="bad" isSmall>
                  Differs
                </Chip>
              ) : null}
            </th>
            <td>{expected ?? <span className="tb-muted">not said</span>}</td>
            <td>{received ?? <span className="tb-muted">not said</span>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
