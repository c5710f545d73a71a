import type { PaymentIntentStatus } from '@tollbook/contract';
import { Chip, type Tone } from '../../ui/chip.js';
import type { IconName } from '../../ui/icon.js';

interface Look {
  name: string;
  icon: IconName;
  tone: Tone;
  isFilled?: boolean;
  means: string;
}

/** Each status in its word, shape and colour. The server computed it; nothing here does. */
export const paymentStatuses: Readonly<Record<PaymentIntentStatus, Look>> = {
  open: { name: 'Offered', icon: 'circle', tone: 'neutral', means: 'A price was quoted; nobody has paid.' },
  processing: { name: 'Settling', icon: 'dots', tone: 'info', means: 'Sent; waiting for the chain.' },
  unknown: {
    name: 'Unknown outcome',
    icon: 'question',
    tone: 'warn',
    means: 'May have settled. We are checking. Do not charge again.',
  },
  confirmed: { name: 'Confirmed', icon: 'check', tone: 'ok', means: 'On chain with enough blocks for now.' },
  final: { name: 'Final', icon: 'doubleCheck', tone: 'ok', isFilled: true, means: 'Cannot be undone.' },
  failed: { name: 'Failed', icon: 'cross', tone: 'bad', means: 'It came to nothing; see the payment for why.' },
  expired: { name: 'Expired', icon: 'clock', tone: 'neutral', means: 'The offer ran out unpaid.' },
  canceled: { name: 'Canceled', icon: 'slash', tone: 'neutral', means: 'The merchant withdrew it.' },
};

/** The one chip for where a payment stands. */
export function PaymentStatus({ status }: { status: PaymentIntentStatus }) {
  const { name, icon, tone, isFilled = false, means } = paymentStatuses[status];
  return (
    <Chip tone={tone} icon={icon} isFilled={isFilled} title={means}>
      {name}
    </Chip>
  );
}
