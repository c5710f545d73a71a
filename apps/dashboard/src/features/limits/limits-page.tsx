import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type RateLimitOverride, type RateLimitStatus, rateLimitListSchema } from '@tollbook/contract';
import { useState } from 'react';
import { useBook, useMay } from '../../api/book-context.js';
import { Card } from '../../ui/card.js';
import { EmptyState } from '../../ui/empty-state.js';
import { Icon } from '../../ui/icon.js';
import { PageHeader } from '../../ui/page-header.js';
import { QueryView } from '../../ui/query-view.js';
import { AllowedPayersCard } from './allowed-payers-card.js';
import { ExceptionEditor, type ExceptionSubject } from './exception-editor.js';
import { LimitEditor } from './limit-editor.js';
import { LimitOverrides } from './limit-overrides.js';
import { LimitSide } from './limit-side.js';
import classes from './limits-page.module.css';
import { RemoveException } from './remove-exception.js';

const refetchMs = 5_000;

/** Who is held back right now, and how near everybody else is. */
export function LimitsPage() {
  const { api } = useBook();
  const query = useQuery({
    queryKey: ['limits', api.bookSlug],
    queryFn: ({ signal }) => api.get('/v1/rate-limits', rateLimitListSchema, { limit: 100 }, signal),
    refetchInterval: refetchMs,
  });
  return (
    <>
      <PageHeader
        title="Rate limits"
        lead="Who is held back right now? A throttled call is refused before anything is claimed, so none is ever charged."
      />
      <QueryView query={query} failure="Rate limits could not be loaded">
        {({ data }) =>
          data.length === 0 ? (
            <EmptyState title="Nothing to limit yet" action={<Link to="/endpoints">Look at the endpoints</Link>}>
              Limits belong to endpoints; each has its own.
            </EmptyState>
          ) : (
            <div className={classes.cards}>
              {limitedFirst(data).map((status) => (
                <EndpointLimits key={status.endpointId} status={status} />
              ))}
            </div>
          )
        }
      </QueryView>
      <div className={classes.lists}>
        <AllowedPayersCard />
      </div>
    </>
  );
}

/** Where nothing is limited, there is little to see. */
function limitedFirst(statuses: readonly RateLimitStatus[]): RateLimitStatus[] {
  const isLimited = ({ paid, unpaid }: RateLimitStatus) => paid.policy !== null || unpaid.policy !== null;
  return [...statuses.filter(isLimited), ...statuses.filter((status) => !isLimited(status))];
}

function EndpointLimits({ status }: { status: RateLimitStatus }) {
  const mayWrite = useMay('limits:write');
  const [isEditing, setIsEditing] = useState(false);
  /** Open where it is not undefined; null is for somebody whom the form shall ask for. */
  const [excepting, setExcepting] = useState<ExceptionSubject | null | undefined>();
  const [removing, setRemoving] = useState<RateLimitOverride | null>(null);
  const onExcept = mayWrite ? setExcepting : null;
  return (
    <Card
      title={
        <Link to="/endpoints/$id" params={{ id: status.endpointId }}>
          {status.method} {status.path}
        </Link>
      }
      action={
        mayWrite ? (
          <Button variant="default" size="xs" leftSection={<Icon name="limits" />} onClick={() => setIsEditing(true)}>
            Set limits
          </Button>
        ) : null
      }
    >
      <div className={classes.sides}>
        <LimitSide title="Paid calls" who="payer" side={status.paid} onExcept={onExcept} />
        <LimitSide title="Unpaid calls" who="address" side={status.unpaid} onExcept={onExcept} />
      </div>
      <LimitOverrides
        overrides={status.overrides}
        onAdd={mayWrite ? () => setExcepting(null) : null}
        onRemove={mayWrite ? setRemoving : null}
      />
      {isEditing ? <LimitEditor status={status} onClose={() => setIsEditing(false)} /> : null}
      {excepting === undefined ? null : (
        <ExceptionEditor status={status} subject={excepting} onClose={() => setExcepting(undefined)} />
      )}
      {removing ? <RemoveException exception={removing} onClose={() => setRemoving(null)} /> : null}
    </Card>
  );
}
