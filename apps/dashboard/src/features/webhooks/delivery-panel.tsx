import { Button, Drawer } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type DeliveryAttempt, type DeliveryDetail, deliveryDetailSchema, deliverySchema } from '@tollbook/contract';
import { useBook, useMay } from '../../api/book-context.js';
import { tellDone } from '../../api/tell.js';
import { Chip } from '../../ui/chip.js';
import { Disclosure } from '../../ui/disclosure.js';
import { Facts } from '../../ui/facts.js';
import { FormError } from '../../ui/form-error.js';
import { HashText } from '../../ui/hash-text.js';
import { JsonView } from '../../ui/json-view.js';
import { QueryView } from '../../ui/query-view.js';
import { TimeText } from '../../ui/time-text.js';
import { DeliveryStatus } from './delivery-status.js';
import classes from './webhooks.module.css';

export interface DeliveryPanelProps {
  deliveryId: string | null;
  onClose: () => void;
}

/** One delivery at the side: what was signed and sent, each try, and what came back. */
export function DeliveryPanel({ deliveryId, onClose }: DeliveryPanelProps) {
  return (
    <Drawer opened={deliveryId !== null} onClose={onClose} position="right" size="xl" title="Delivery">
      {deliveryId === null ? null : <Panel deliveryId={deliveryId} />}
    </Drawer>
  );
}

function Panel({ deliveryId }: { deliveryId: string }) {
  const { api } = useBook();
  const query = useQuery({
    queryKey: ['live', 'deliveries', api.bookSlug, 'one', deliveryId],
    queryFn: ({ signal }) =>
      api.get(`/v1/deliveries/${encodeURIComponent(deliveryId)}`, deliveryDetailSchema, {}, signal),
    refetchInterval: 5_000,
  });
  return (
    <QueryView query={query} failure="The delivery could not be loaded">
      {(delivery) => <Detail delivery={delivery} />}
    </QueryView>
  );
}

function Detail({ delivery }: { delivery: DeliveryDetail }) {
  const { attempts } = delivery;
  return (
    <div className={classes.panel}>
      <div className={classes.head}>
        <DeliveryStatus status={delivery.status} />
        <ResendButton delivery={delivery} />
      </div>
      <Facts
        facts={[
          ['Event', delivery.eventType],
          ['Message id', <HashText key="event" value={delivery.eventId} what="message id" />],
          [
            'To',
            <span key="url" className="tb-mono">
              {delivery.url}
            </span>,
          ],
          delivery.paymentId === null
            ? null
            : [
                'Payment',
                <Link key="payment" to="/payments/$id" params={{ id: delivery.paymentId }}>
                  Open the payment
                </Link>,
              ],
          ['Next try', <TimeText key="next" at={delivery.nextAttemptAt} otherwise="none" />],
        ]}
      />
      <section>
        <h3 className={classes.label}>Body, byte for byte as it is signed</h3>
        {delivery.requestBody === null ? (
          <p className="tb-muted">It is no longer kept.</p>
        ) : (
          <JsonView value={delivery.requestBody} what="signed body" />
        )}
      </section>
      <section>
        <h3 className={classes.label}>Tries</h3>
        {attempts.length === 0 ? <p className="tb-muted">Not tried yet.</p> : null}
        {attempts.toReversed().map((attempt, index) => (
          <Attempt key={attempt.startedAt} attempt={attempt} number={attempts.length - index} />
        ))}
      </section>
    </div>
  );
}

function Attempt({ attempt, number }: { attempt: DeliveryAttempt; number: number }) {
  const { httpStatus, error, timings } = attempt;
  const isHeard = httpStatus !== null && httpStatus >= 200 && httpStatus < 300 && error === null;
  return (
    <div className={classes.attempt}>
      <div className={classes.attemptHead}>
        <strong>Try {number}</strong>
        <Chip tone={isHeard ? 'ok' : attempt.finishedAt === null ? 'info' : 'bad'} isSmall>
          {httpStatus === null ? (error ?? 'under way').replaceAll('_', ' ') : `HTTP ${httpStatus}`}
        </Chip>
        {httpStatus !== null && error !== null ? <span className="tb-small">{error.replaceAll('_', ' ')}</span> : null}
        <span className="tb-muted tb-small">
          <TimeText at={attempt.startedAt} />
          {timings === null ? '' : ` · ${timings.totalMs} ms`}
        </span>
      </div>
      {attempt.requestHeaders === null ? null : (
        <Disclosure label="Request headers">
          <JsonView value={headersText(attempt.requestHeaders)} what="request headers" />
        </Disclosure>
      )}
      {attempt.responseHeaders === null ? null : (
        <Disclosure label="Answer">
          <JsonView
            value={`${headersText(attempt.responseHeaders)}\n\n${attempt.responseBody ?? ''}`.trim()}
            what="answer with its headers"
          />
        </Disclosure>
      )}
    </div>
  );
}

/** Sends the very same message again, under the same id; the server says whether it can. */
function ResendButton({ delivery }: { delivery: DeliveryDetail }) {
  const { api } = useBook();
  const queryClient = useQueryClient();
  const mayWrite = useMay('webhooks:write');
  const resend = useMutation({
    mutationFn: () => api.post(`/v1/deliveries/${delivery.id}/resend`, deliverySchema),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] === 'deliveries' });
      tellDone('It is sent again, under the same id.');
    },
  });
  if (!mayWrite || !delivery.isResendable) return null;
  return (
    <div>
      <FormError error={resend.error} />
      <Button loading={resend.isPending} onClick={() => resend.mutate()}>
        Resend webhook
      </Button>
    </div>
  );
}

function headersText(fields: readonly (readonly [string, string])[]): string {
  return fields.map(([name, value]) => `${name}: ${value}`).join('\n');
}
