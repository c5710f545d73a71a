import { Button } from '@mantine/core';
import type { RateLimitOverride } from '@tollbook/contract';
import { CardLines } from '../../ui/card-lines.js';
import { DataTable } from '../../ui/data-table.js';
import { HashText } from '../../ui/hash-text.js';
import type { DataColumn } from '../../ui/list-parts.js';
import { TimeText } from '../../ui/time-text.js';
import classes from './limits-page.module.css';

const actions: Readonly<Record<RateLimitOverride['action'], string>> = {
  allow: 'Let through',
  block: 'Blocked',
  limit: 'Own limit',
};

export interface LimitOverridesProps {
  overrides: readonly RateLimitOverride[];
  /** Null for whoever may only look. */
  onAdd: (() => void) | null;
  onRemove: ((exception: RateLimitOverride) => void) | null;
}

/** The exceptions that hold at an endpoint. */
export function LimitOverrides({ overrides, onAdd, onRemove }: LimitOverridesProps) {
  if (overrides.length === 0 && onAdd === null) return null;
  return (
    <section className={classes.overrides} aria-label="Exceptions">
      <div className={classes.sideHead}>
        <h3 className={classes.sideTitle}>Exceptions</h3>
        {onAdd === null ? null : (
          <Button variant="subtle" size="compact-sm" onClick={onAdd}>
            Add exception
          </Button>
        )}
      </div>
      {overrides.length === 0 ? (
        <p className="tb-small tb-muted">None: everybody is counted by the limits above.</p>
      ) : (
        <DataTable
          label="Exceptions"
          rows={overrides}
          columns={columnsOf(onRemove)}
          rowId={({ id }) => id}
          card={(exception) => <ExceptionCard exception={exception} onRemove={onRemove} />}
        />
      )}
    </section>
  );
}

type OnRemove = LimitOverridesProps['onRemove'];

function columnsOf(onRemove: OnRemove): DataColumn<RateLimitOverride>[] {
  return [
    { id: 'who', header: 'Who', isRowHeader: true, cell: (exception) => <Who exception={exception} /> },
    { id: 'what', header: 'What', cell: whatOf },
    { id: 'where', header: 'Where', cell: whereOf },
    { id: 'until', header: 'Until', cell: ({ expiresAt }) => <TimeText at={expiresAt} otherwise="taken back" /> },
    { id: 'reason', header: 'Reason', isWideOnly: true, cell: ({ reason }) => reason || '—' },
    {
      id: 'remove',
      header: '',
      align: 'end',
      cell: (exception) => <TakeBack exception={exception} onRemove={onRemove} />,
    },
  ];
}

function ExceptionCard({ exception, onRemove }: { exception: RateLimitOverride; onRemove: OnRemove }) {
  return (
    <CardLines
      start={<Who exception={exception} />}
      end={whatOf(exception)}
      below={
        <>
          {whereOf(exception)}, until <TimeText at={exception.expiresAt} otherwise="taken back" />
        </>
      }
      belowEnd={<TakeBack exception={exception} onRemove={onRemove} />}
    />
  );
}

function Who({ exception: { subject, subjectKind } }: { exception: RateLimitOverride }) {
  return <HashText value={subject} what={subjectKind === 'payer' ? 'payer address' : 'code of the IP address'} />;
}

function TakeBack({ exception, onRemove }: { exception: RateLimitOverride; onRemove: OnRemove }) {
  if (onRemove === null) return null;
  return (
    <Button variant="subtle" color="red" size="compact-sm" onClick={() => onRemove(exception)}>
      Take back<span className="tb-visually-hidden"> the exception for {exception.subject}</span>
    </Button>
  );
}

function whatOf({ action, policy }: RateLimitOverride): string {
  if (policy === null) return actions[action];
  const extra = policy.burst === 0 ? '' : `, burst of ${policy.burst}`;
  return `${policy.points} in ${policy.windowSeconds} s${extra}`;
}

function whereOf({ endpointId }: RateLimitOverride): string {
  return endpointId === null ? 'Every endpoint' : 'This endpoint';
}
