import type { EndpointState } from '@tollbook/contract';
import { Chip, type Tone } from '../../ui/chip.js';
import type { IconName } from '../../ui/icon.js';

const looks: Readonly<Record<EndpointState, { name: string; tone: Tone; icon: IconName; means: string }>> = {
  active: { name: 'Selling', tone: 'ok', icon: 'check', means: 'Buyers get an offer.' },
  disabled: { name: 'Paused', tone: 'warn', icon: 'slash', means: 'Buyers get a 404 until it is resumed.' },
  archived: { name: 'Archived', tone: 'neutral', icon: 'clock', means: 'Kept for the books alone.' },
};

/** Whether an endpoint sells. */
export function EndpointStateChip({ state }: { state: EndpointState }) {
  const { name, tone, icon, means } = looks[state];
  return (
    <Chip tone={tone} icon={icon} title={means}>
      {name}
    </Chip>
  );
}
