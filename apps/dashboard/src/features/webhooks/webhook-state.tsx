import type { WebhookEndpoint } from '@tollbook/contract';
import { Chip, type Tone } from '../../ui/chip.js';
import type { IconName } from '../../ui/icon.js';

const looks: Readonly<Record<WebhookEndpoint['state'], { name: string; tone: Tone; icon: IconName; means: string }>> = {
  active: { name: 'Active', tone: 'ok', icon: 'check', means: 'It takes what it is told.' },
  failing: {
    name: 'Failing',
    tone: 'bad',
    icon: 'cross',
    means: 'It took nothing since its last failure. We keep trying.',
  },
  disabled: { name: 'Paused', tone: 'neutral', icon: 'slash', means: 'It is told nothing.' },
};

const stops: Readonly<Record<NonNullable<WebhookEndpoint['disabledReason']>, { name: string; means: string }>> = {
  gone: { name: 'Stopped by us: it is gone', means: 'It answered 410, so we stopped.' },
  failing: { name: 'Stopped by us: it fails', means: 'It took nothing for five days, so we stopped.' },
};

/** How a webhook endpoint is; paused by us is said so. */
export function WebhookState({ endpoint }: { endpoint: Pick<WebhookEndpoint, 'state' | 'disabledReason'> }) {
  const { name, tone, icon, means } = looks[endpoint.state];
  const byUs = endpoint.disabledReason === null ? null : stops[endpoint.disabledReason];
  return (
    <Chip tone={byUs ? 'warn' : tone} icon={icon} title={byUs?.means ?? means}>
      {byUs?.name ?? name}
    </Chip>
  );
}
