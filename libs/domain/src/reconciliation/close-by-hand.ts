import type { DiscrepancyKind } from './discrepancy.js';

/**
 * How a person may end what does not add up, by kind. `kept`: the money stays where the books have it. `refunded`: it
 * went back by a transfer of its own. `own_funds`: the owner moved them. What only the chain can decide is ended by nobody.
 */
const resolutions: Readonly<Record<DiscrepancyKind, readonly string[]>> = {
  late: ['kept', 'refunded', 'ignored'],
  short: ['kept', 'refunded', 'ignored'],
  over: ['kept', 'refunded', 'ignored'],
  duplicate: ['kept', 'refunded', 'ignored'],
  unmatched: ['kept', 'refunded', 'ignored'],
  unmatched_outflow: ['own_funds', 'ignored'],
  paid_not_served: ['served', 'refunded', 'ignored'],
  reorged: [],
  served_not_paid: [],
};

/** The resolutions that a person may give; none where a person may not end it. */
export function resolutionsByHand(kind: DiscrepancyKind): readonly string[] {
  return resolutions[kind];
}
