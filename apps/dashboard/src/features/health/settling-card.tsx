import type { Health } from '@tollbook/contract';
import { Card } from '../../ui/card.js';
import { HashText } from '../../ui/hash-text.js';
import { Notice } from '../../ui/notice.js';
import { PlainTable } from '../../ui/plain-table.js';
import { TimeText } from '../../ui/time-text.js';
import { networkName } from '../networks/network-name.js';
import { HealthChip } from './health-chip.js';

type Settling = Health['facilitators']['data'][number];

const stateNames: Readonly<Record<Settling['state'], string>> = {
  ready: 'Ready',
  away: 'Away',
  not_asked_yet: 'Not asked yet',
  disabled: 'Switched off',
};

/** Who settles, how well, and what is left to pay for gas. */
export function SettlingCard({ facilitators, gas }: Pick<Health, 'facilitators' | 'gas'>) {
  const state = facilitators.state === 'failing' || gas.state === 'ok' ? facilitators.state : gas.state;
  return (
    <Card
      title="Facilitators"
      note="In the order in which they are asked; of the last seven days, as the chain has judged."
      action={<HealthChip state={state} />}
      isFlush
    >
      {facilitators.reason === 'none_ready' ? (
        <Notice tone="bad">Nobody can settle, so nothing is offered. Buyers are told to come back later.</Notice>
      ) : null}
      {facilitators.reason === 'away' ? (
        <Notice tone="warn">One of them does not answer. The next in line is asked.</Notice>
      ) : null}
      {gas.reason === null ? null : (
        <Notice tone={gas.reason === 'empty' ? 'bad' : 'warn'}>
          {gas.reason === 'empty'
            ? 'There is no gas money left on a network: the built-in facilitator cannot settle there.'
            : 'Gas money runs low. Send some of the network’s own coin to the address below.'}
        </Notice>
      )}
      <PlainTable
        label="Facilitators"
        heads={['Facilitator', 'State', 'Settled last', 'Sent', 'Unknown', 'p50', 'p95']}
        rows={facilitators.data.map((each) => [
          each.name,
          each.reason === null ? stateNames[each.state] : `${stateNames[each.state]} (${reasonText(each.reason)})`,
          <TimeText key="last" at={each.scorecard.lastSettledAt} otherwise="never" />,
          each.scorecard.sent,
          unknownText(each),
          latencyText(each.scorecard.latencyMsP50),
          latencyText(each.scorecard.latencyMsP95),
        ])}
        empty="Nobody settles for this book"
      />
      {gas.data.length === 0 ? null : (
        <PlainTable
          label="Gas money"
          heads={['Gas money on', 'Account', 'Left', 'At least', 'State', 'Read']}
          rows={gas.data.map((each) => [
            networkName(each.network),
            <HashText key="account" value={each.address} what="gas account" />,
            shortCoins(each.balance),
            each.minimum,
            <HealthChip key="state" state={each.state} />,
            <TimeText key="read" at={each.readAt} />,
          ])}
          empty="No gas account"
        />
      )}
    </Card>
  );
}

function reasonText(reason: string): string {
  return reason === 'no_gas_key' ? 'no gas key' : reason.replaceAll('_', ' ');
}

/** The share of payments that were in doubt for a while, and how many are now. */
function unknownText({ scorecard }: Settling): string {
  if (scorecard.unknownShare === null) return 'none sent';
  const share = `${(scorecard.unknownShare * 100).toFixed(1)} %`;
  return scorecard.unknownNow === 0 ? share : `${share}, ${scorecard.unknownNow} now`;
}

function latencyText(latencyMs: number | null): string {
  return latencyMs === null ? '–' : `${latencyMs} ms`;
}

const fractionShown = 6;

/** Gas money to six decimals: what is below pays for nothing. */
function shortCoins(text: string): string {
  const [whole = '0', fraction = ''] = text.split('.');
  const shown = fraction.slice(0, fractionShown).replace(/0+$/, '');
  return shown === '' ? whole : `${whole}.${shown}`;
}
