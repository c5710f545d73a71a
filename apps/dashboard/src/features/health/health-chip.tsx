import type { HealthState } from '@tollbook/contract';
import { Chip, type Tone } from '../../ui/chip.js';
import type { IconName } from '../../ui/icon.js';

const looks: Readonly<Record<HealthState, { name: string; tone: Tone; icon: IconName }>> = {
  ok: { name: 'Well', tone: 'ok', icon: 'check' },
  warning: { name: 'Look soon', tone: 'warn', icon: 'failures' },
  failing: { name: 'Failing', tone: 'bad', icon: 'cross' },
};

/** How something is, in a word. */
export function HealthChip({ state }: { state: HealthState }) {
  const { name, tone, icon } = looks[state];
  return (
    <Chip tone={tone} icon={icon}>
      {name}
    </Chip>
  );
}
