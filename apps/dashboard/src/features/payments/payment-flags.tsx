import type { Discrepancy } from '@tollbook/contract';
import { Chip } from '../../ui/chip.js';

type Kind = Discrepancy['kind'];

/** Each kind of discrepancy in a word, and what it means for the money. */
export const discrepancyKinds: Readonly<Record<Kind, { name: string; means: string }>> = {
  late: { name: 'Late', means: 'The money arrived after the offer had ended.' },
  short: { name: 'Short', means: 'Less arrived than was due.' },
  over: { name: 'Over', means: 'More arrived than was due.' },
  duplicate: { name: 'Duplicate', means: 'The same thing was paid twice.' },
  reorged: { name: 'Reorged', means: 'The chain took the payment back; we watch for its return.' },
  unmatched: { name: 'Unmatched', means: 'Money arrived that no offer explains.' },
  unmatched_outflow: {
    name: 'Unexplained outflow',
    means: 'Money went to somebody who had paid, and no refund says why.',
  },
  paid_not_served: { name: 'Paid, not served', means: 'The buyer paid and got no answer.' },
  served_not_paid: { name: 'Served, not paid', means: 'An answer went out for which no money came.' },
};

/** Small chips beside the status, for what is open about a payment. */
export function PaymentFlags({ kinds }: { kinds: readonly Kind[] }) {
  return kinds.map((kind) => (
    <Chip key={kind} tone="warn" isSmall title={discrepancyKinds[kind].means}>
      {discrepancyKinds[kind].name}
    </Chip>
  ));
}
