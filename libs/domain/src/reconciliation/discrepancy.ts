/** Names for what does not add up. Each is a record that is open or closed, never a second status of a payment. */
export const discrepancyKinds = [
  'late',
  'short',
  'over',
  'duplicate',
  'reorged',
  'unmatched',
  'unmatched_outflow',
  'paid_not_served',
  'served_not_paid',
] as const;
export type DiscrepancyKind = (typeof discrepancyKinds)[number];
