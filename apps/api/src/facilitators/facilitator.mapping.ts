import type { Facilitator, Health } from '@tollbook/contract';
import { encodeId } from '@tollbook/domain';
import type { FacilitatorSight } from '@tollbook/facilitator';
import { type FacilitatorRecord, judgeFacilitators, type Scorecard } from '@tollbook/usecases';

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
  saidOtherHash: 0,
  lastSettledAtMs: null,
};

/** A facilitator as `/v1` shows it. `sight` is this process's own; null for the built-in one. */
export function toApiFacilitator(
  record: FacilitatorRecord,
  sight: FacilitatorSight | null,
  cards: readonly Scorecard[],
  /** Where the built-in one has a gas key. */
  gasNetworks: readonly string[],
): Facilitator {
  const { facilitatorId, createdAtMs, ...shown } = record;
  return {
    id: encodeId('facilitator', facilitatorId),
    ...shown,
    ...stateOf(record, sight, gasNetworks),
    scorecard: toApiScorecard(cards, record.kind === 'built_in' ? null : facilitatorId),
    createdAt: new Date(createdAtMs).toISOString(),
  };
}

/** The scorecard of one; of the built-in one for null. */
function toApiScorecard(cards: readonly Scorecard[], facilitatorId: string | null): Facilitator['scorecard'] {
  const {
    facilitatorId: _,
    lastSettledAtMs,
    ...card
  } = cards.find((each) => each.facilitatorId === facilitatorId) ?? {
    facilitatorId,
    ...blank,
  };
  const unknownShare = card.sent === 0 ? null : card.everUnknown / card.sent;
  const lastSettledAt = lastSettledAtMs === null ? null : new Date(lastSettledAtMs).toISOString();
  return { sinceDays: scorecardDays, ...card, unknownShare, lastSettledAt };
}

function stateOf(
  { kind, isEnabled }: Pick<FacilitatorRecord, 'kind' | 'isEnabled'>,
  sight: FacilitatorSight | null,
  gasNetworks: readonly string[],
) {
  const networks: string[] =
    sight?.kind === 'ready' ? [...sight.networks] : kind === 'built_in' ? [...gasNetworks] : [];
  if (!isEnabled) return { state: 'disabled', reason: null, networks } as const;
  if (kind === 'built_in') {
    const isReady = networks.length > 0;
    return { state: isReady ? 'ready' : 'away', reason: isReady ? null : 'no_gas_key', networks } as const;
  }
  if (!sight || sight.kind === 'unasked') return { state: 'not_asked_yet', reason: null, networks } as const;
  if (sight.kind === 'away') return { state: 'away', reason: sight.word, networks } as const;
  return { state: 'ready', reason: null, networks } as const;
}

/** Who settles for a book, as its health shows it: without any in its list, the built-in one does. */
export function toHealthFacilitators(
  records: readonly FacilitatorRecord[],
  sightOf: (facilitatorId: string) => FacilitatorSight | null,
  cards: readonly Scorecard[],
  gasNetworks: readonly string[],
): Health['facilitators'] {
  const listed = records.map((record) => {
    const shown = toApiFacilitator(record, sightOf(record.facilitatorId), cards, gasNetworks);
    return toHealthFacilitator(shown.id, shown);
  });
  const alone = () => {
    const builtIn = { kind: 'built_in', name: 'Built in', isEnabled: true } as const;
    const card = toApiScorecard(cards, null);
    return toHealthFacilitator(null, { ...builtIn, ...stateOf(builtIn, null, gasNetworks), scorecard: card });
  };
  const data = listed.length === 0 ? [alone()] : listed;
  return { ...judgeFacilitators(data.map(({ state }) => state)), data };
}

type HealthFacilitator = Health['facilitators']['data'][number];

function toHealthFacilitator(
  id: string | null,
  { kind, name, state, reason, networks, scorecard }: Omit<HealthFacilitator, 'id'>,
): HealthFacilitator {
  return { id, kind, name, state, reason, networks, scorecard };
}
