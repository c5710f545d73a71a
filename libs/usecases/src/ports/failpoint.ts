/**
 * Every place between a claim and the telling of its booking where a process may die: one before and after each commit and each
 * outside effect. Tests kill a process at each; outside tests a failpoint does nothing.
 */
export const failpoints = [
  // api
  'claim_committed',
  'payment_verified',
  'upstream_answered',
  'submitting_open',
  'submitting_committed',
  'settlement_sent',
  'answer_sent',
  'served_open',
  'served_committed',
  // worker
  'scan_read',
  'scan_written',
  'scan_committed',
  'reconcile_allocated',
  'reconcile_numbered',
  'reconcile_posted',
  'reconcile_committed',
  'final_posted',
  'final_committed',
  'relay_open',
  'deliver_open',
  'delivery_leased',
  'delivery_answered',
  'delivery_recorded',
] as const;
export type FailpointName = (typeof failpoints)[number];

export type Failpoint = (name: FailpointName) => void;
