import type { Health } from '@tollbook/contract';
import { Card } from '../../ui/card.js';
import { HashText } from '../../ui/hash-text.js';
import { Notice } from '../../ui/notice.js';
import { PlainTable } from '../../ui/plain-table.js';
import { TimeText } from '../../ui/time-text.js';
import { networkName } from '../networks/network-name.js';
import { HealthChip } from './health-chip.js';
import classes from './health-page.module.css';

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
        heads={['Facilitator', 'State', 'Last', 'Unknown', 'Took']}
        rows={facilitators.data.map((each) => [
          each.name,
          each.reason === null ? stateNames[each.state] : `${stateNames[each.state]} (${reasonText(each.reason)})`,
          <TimeText key="last" at={each.scorecard.lastSettledAt} otherwise="never" />,
          unknownText(each),
          tookText(each),
        ])}
        empty="Nobody settles for this book"
      />
      {gas.data.map((each) => (
        <p key={each.network} className={classes.gas}>
          Gas money on {networkName(each.network)}: the account <HashText value={each.address} what="gas account" />{' '}
          holds {shortCoins(each.balance)} of the network’s coin and should hold at least {each.minimum}. Read{' '}
          <TimeText at={each.readAt} />
          {each.state === 'ok' ? null : (
            <>
              {' '}
              <HealthChip state={each.state} />
            </>
          )}
        </p>
      ))}
    </Card>
  );
}

function reasonText(reason: string): string {
  return reason === 'no_gas_key' ? 'no gas key' : reason.replaceAll('_', ' ');
}

/** The share of payments that were in doubt for a while, and how many are now. */
function unknownText({ scorecard }: Settling): string {
  if (scorecard.unknownShare === null) return 'none sent';
  const share = `${(scorecard.unknownShare * 100).toFixed(1)} % of ${scorecard.sent}`;
  return scorecard.unknownNow === 0 ? share : `${share}, ${scorecard.unknownNow} now`;
}

/** From sending to its word: half of the payments, and nineteen of twenty. */
function tookText({ scorecard: { latencyMsP50, latencyMsP95 } }: Settling): string {
  return latencyMsP50 === null || latencyMsP95 === null ? '–' : `p50 ${latencyMsP50}, p95 ${latencyMsP95} ms`;
}

const fractionShown = 6;

/** Gas money to six decimals: what is below pays for nothing. */
function shortCoins(text: string): string {
  const [whole = '0', fraction = ''] = text.split('.');
  const shown = fraction.slice(0, fractionShown).replace(/0+$/, '');
  return shown === '' ? whole : `${whole}.${shown}`;
}
