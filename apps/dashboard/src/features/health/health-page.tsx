import { useQuery } from '@tanstack/react-query';
import {
  type Health,
  type HealthState,
  healthSchema,
  type NetworkHealth,
  type ScheduleHealth,
} from '@tollbook/contract';
import { useBook } from '../../api/book-context.js';
import { Card } from '../../ui/card.js';
import { EmptyState } from '../../ui/empty-state.js';
import { Facts } from '../../ui/facts.js';
import { formatCount, formatNumber } from '../../ui/format-count.js';
import { Notice } from '../../ui/notice.js';
import { PageHeader } from '../../ui/page-header.js';
import { PlainTable } from '../../ui/plain-table.js';
import { QueryView } from '../../ui/query-view.js';
import { TimeText } from '../../ui/time-text.js';
import { networkName } from '../networks/network-name.js';
import { BooksProof } from './books-proof.js';
import { HealthChip } from './health-chip.js';
import classes from './health-page.module.css';
import { SettlingCard } from './settling-card.js';

const refetchMs = 5_000;

/** Whether the indexer is level with the chain, and the books with both. */
export function HealthPage() {
  const { api } = useBook();
  const query = useQuery({
    queryKey: ['health', api.bookSlug],
    queryFn: ({ signal }) => api.get('/v1/health', healthSchema, {}, signal),
    refetchInterval: refetchMs,
  });
  return (
    <>
      <PageHeader
        title="Health"
        lead="Is the indexer level with the chain, and are the books equal to it?"
        beside={query.data ? <HealthChip state={query.data.state} /> : null}
      />
      <QueryView query={query} failure="Health could not be read">
        {(health) => (
          <div className={classes.cards}>
            {health.networks.map((network) => (
              <NetworkCard key={network.network} network={network} />
            ))}
            <SettlingCard facilitators={health.facilitators} gas={health.gas} />
            <BooksProof books={health.books} />
            <QueuesCard health={health} />
            <SchedulesCard schedules={health.schedules} />
          </div>
        )}
      </QueryView>
    </>
  );
}

function NetworkCard({ network }: { network: NetworkHealth }) {
  const height = (block: number | null) => (block === null ? 'not known' : formatNumber(block));
  return (
    <Card title={networkName(network.network)} action={<HealthChip state={network.state} />}>
      {network.reason === null ? null : (
        <Notice tone={network.state === 'failing' ? 'bad' : 'warn'}>{networkReason(network)}</Notice>
      )}
      <div className={classes.halves}>
        <Facts
          facts={[
            ['Chain head', height(network.chainHead)],
            ['Indexed', height(network.indexed)],
            ['Confirmed', height(network.confirmed)],
            ['Final', height(network.final)],
          ]}
        />
        <Facts
          facts={[
            [
              'Behind',
              network.lagBlocks === null
                ? 'not known'
                : `${formatCount(network.lagBlocks, 'block', 'blocks')}${network.lagSeconds ? ` (${network.lagSeconds} s)` : ''}`,
            ],
            ['Head moved', <TimeText key="moved" at={network.headMovedAt} />],
            ['New blocks', network.heads === 'socket' ? 'told by a WebSocket' : 'asked for'],
            ['Node answered', <TimeText key="answered" at={network.answeredAt} />],
            [
              'Confirmed after',
              network.confirmDepth === null ? 'the chain says' : formatCount(network.confirmDepth, 'block', 'blocks'),
            ],
          ]}
        />
      </div>
      {network.checks.map((check) => (
        <p key={check.kind} className={classes.node}>
          {checkText(check)} <TimeText at={check.checkedAt} />
        </p>
      ))}
      {network.rpc.map((node) => (
        <p key={node.name} className={classes.node}>
          <span className="tb-mono">{node.name}</span>: {formatCount(node.requests, 'request', 'requests')},{' '}
          {formatCount(node.errors, 'error', 'errors')} in {Math.round(node.windowSeconds / 60)} min
          {node.monthCalls === null ? '' : `, ${formatCount(node.monthCalls, 'call', 'calls')} this month`}
          {node.monthForecast === null ? '' : ` (${formatNumber(node.monthForecast)} by its end)`}
          {node.refusal ? `, not used: ${node.refusal}` : node.lastError ? ` (last: ${node.lastError})` : ''}
        </p>
      ))}
    </Card>
  );
}

function networkReason(network: NetworkHealth): string {
  const name = networkName(network.network);
  switch (network.reason) {
    case 'frozen':
      return `${name} is stopped: ${network.frozenReason ?? 'a final block was rewritten'}. Nothing is booked on it until an operator looks.`;
    case 'ghosts':
      return `Transfers are booked on ${name} that its chain does not have. An operator compares nodes before anything is paid out.`;
    case 'finality_late':
      return `Blocks of ${name} become final later than usual. Payments are confirmed, and become income late.`;
    case 'logs_left_out':
      return `A node of ${name} left out transfers within the last day. They were found by reading again, and are booked.`;
    case 'not_read':
      return `No worker reads ${name}. Payments are taken, but none becomes confirmed.`;
    case 'node_refused':
      return `Nothing is taken on ${name}: ${network.refusal ?? 'its node is not what it should be'}. An operator corrects the node's address.`;
    case 'node_away':
      return `The node of ${name} does not answer. New payments appear late; none are lost.`;
    case 'behind':
      return `The indexer of ${name} is ${formatCount(network.lagBlocks ?? 0, 'block', 'blocks')} behind. New payments appear late; none are lost.`;
    case null:
      return '';
  }
}

const checkNames = { overlap: 'the newest 64 blocks', safe: 'safe blocks', final: 'final blocks' } as const;

/** What reading again came to: an answer without transfers proves nothing by itself. */
function checkText({ kind, through, isOtherNode, found, leftOut, ghosts }: NetworkHealth['checks'][number]): string {
  const by = isOtherNode ? 'by another node' : 'by the same node, since no other is named';
  const findings = [
    found > 0 ? `${formatCount(found, 'transfer', 'transfers')} found late` : '',
    leftOut > 0 ? `${formatNumber(leftOut)} left out` : '',
    ghosts > 0 ? `${formatNumber(ghosts)} not on the chain` : '',
  ].filter((text) => text !== '');
  const result = findings.length === 0 ? 'nothing differed' : findings.join(', ');
  return `Read again ${by}: ${checkNames[kind]} up to ${formatNumber(through)}, ${result};`;
}

function QueuesCard({ health }: { health: Health }) {
  const { queues, processes } = health;
  return (
    <Card
      title="Queues and processes"
      note={`Jobs wait ${queues.backend === 'redis' ? 'in Redis' : 'in PostgreSQL'}; losing a queue loses nothing.`}
      action={<HealthChip state={worst(queues.state, processes.state)} />}
      isFlush
    >
      {processes.reason === 'no_worker' ? (
        <Notice tone="bad">No worker lives. Nothing is confirmed and nobody is told until one starts.</Notice>
      ) : null}
      <PlainTable
        label="Queues"
        heads={['Queue', 'Waiting', 'Active', 'Delayed', 'Failed']}
        rows={queues.data.map(({ name, waiting, active, delayed, failed }) => [name, waiting, active, delayed, failed])}
        empty="No queue was counted yet"
      />
      <PlainTable
        label="Processes"
        heads={['Process', 'Started', 'Seen']}
        rows={processes.data.map(({ kind, startedAt, seenAt }) => [
          kind,
          <TimeText key="started" at={startedAt} />,
          <TimeText key="seen" at={seenAt} />,
        ])}
        empty="No process was seen"
      />
    </Card>
  );
}

function SchedulesCard({ schedules }: { schedules: readonly ScheduleHealth[] }) {
  return (
    <Card title="Schedules" note="What runs by the clock, in one process of the fleet." isFlush>
      {schedules.length === 0 ? (
        <EmptyState title="No schedule ran yet" />
      ) : (
        <PlainTable
          label="Schedules"
          heads={['Schedule', 'State', 'Last run', 'Next']}
          rows={schedules.map(({ name, state, lastFinishedAt, nextAt }) => [
            name.replaceAll('-', ' '),
            <HealthChip key="state" state={state} />,
            <TimeText key="last" at={lastFinishedAt} otherwise="never" />,
            <TimeText key="next" at={nextAt} isToCome />,
          ])}
          empty="No schedule ran yet"
        />
      )}
    </Card>
  );
}

function worst(a: HealthState, b: HealthState): HealthState {
  if (a === 'failing' || b === 'failing') return 'failing';
  return a === 'warning' || b === 'warning' ? 'warning' : 'ok';
}
