import type { Delivery } from '@tollbook/contract';
import { Chip, type Tone } from '../../ui/chip.js';
import type { IconName } from '../../ui/icon.js';

const looks: Readonly<Record<Delivery['status'], { name: string; tone: Tone; icon: IconName; means: string }>> = {
  pending: { name: 'Pending', tone: 'info', icon: 'dots', means: 'It is tried until it is heard or given up.' },
  delivered: { name: 'Delivered', tone: 'ok', icon: 'check', means: 'The receiver answered with success.' },
  exhausted: {
    name: 'Given up',
    tone: 'bad',
    icon: 'cross',
    means: 'Every try failed. Resend it when the receiver is well.',
  },
  dropped: { name: 'Dropped', tone: 'neutral', icon: 'slash', means: 'The endpoint went away or no longer wants it.' },
};

/** The one chip for where a delivery stands. */
export function DeliveryStatus({ status }: { status: Delivery['status'] }) {
  const { name, tone, icon, means } = looks[status];
  return (
    <Chip tone={tone} icon={icon} title={means}>
      {name}
    </Chip>
  );
}
