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

/** How a webhook endpoint is; paused by us is said so. */
export function WebhookState({ endpoint }: { endpoint: Pick<WebhookEndpoint, 'state' | 'disabledReason'> }) {
  const { name, tone, icon, means } = looks[endpoint.state];
  const isByUs = endpoint.disabledReason === 'gone';
  return (
    <Chip tone={isByUs ? 'warn' : tone} icon={icon} title={isByUs ? 'It answered 410, so we stopped.' : means}>
      {isByUs ? 'Stopped by us: it is gone' : name}
    </Chip>
  );
}
