import type { Facilitator } from '@tollbook/contract';
import { encodeId } from '@tollbook/domain';
import type { FacilitatorSight } from '@tollbook/facilitator';
import type { FacilitatorRecord, Scorecard } from '@tollbook/usecases';

/** How far back a scorecard looks. */
export const scorecardDays = 7;

const blank: Omit<Scorecard, 'facilitatorId'> = {
  sent: 0,
  confirmed: 0,
  latencyMsP50: null,
  latencyMsP95: null,
  everUnknown: 0,
  unknownNow: 0,
  saidDoneNeverSeen: 0,
  saidNoButCame: 0,
};

/** A facilitator as `/v1` shows it. `sight` is this process's own; null for the built-in one. */
export function toApiFacilitator(
  record: FacilitatorRecord,
  sight: FacilitatorSight | null,
  cards: readonly Scorecard[],
): Facilitator {
  const { facilitatorId, createdAtMs, ...shown } = record;
  return {
    id: encodeId('facilitator', facilitatorId),
    ...shown,
    ...stateOf(record, sight),
    scorecard: toApiScorecard(cards, record.kind === 'built_in' ? null : facilitatorId),
    createdAt: new Date(createdAtMs).toISOString(),
  };
}

/** The scorecard of one; of the built-in one for null. */
function toApiScorecard(cards: readonly Scorecard[], facilitatorId: string | null): Facilitator['scorecard'] {
  const { facilitatorId: _, ...card } = cards.find((each) => each.facilitatorId === facilitatorId) ?? {
    facilitatorId,
    ...blank,
  };
  const unknownShare = card.sent === 0 ? null : card.everUnknown / card.sent;
  return { sinceDays: scorecardDays, ...card, unknownShare };
}

function stateOf({ kind, isEnabled }: FacilitatorRecord, sight: FacilitatorSight | null) {
  const networks: string[] = sight?.kind === 'ready' ? [...sight.networks] : [];
  if (!isEnabled) return { state: 'disabled', reason: null, networks } as const;
  if (kind === 'built_in') return { state: 'ready', reason: null, networks } as const;
  if (!sight || sight.kind === 'unasked') return { state: 'not_asked_yet', reason: null, networks } as const;
  if (sight.kind === 'away') return { state: 'away', reason: sight.word, networks } as const;
  return { state: 'ready', reason: null, networks } as const;
}
