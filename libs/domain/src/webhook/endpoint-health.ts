/** Why we stop telling an endpoint: it answered that it is gone, or took nothing for days. */
export const disabledReasons = ['gone', 'failing'] as const;
export type DisabledReason = (typeof disabledReasons)[number];

const dayMs = 86_400_000;

/**
 * For so long an endpoint may take nothing at all; the next failure disables it. Five days, as Standard Webhooks
 * advises: longer than every try of one delivery together, so no endpoint is given up before its first delivery is.
 */
export const endpointFailingMsMax = 5 * dayMs;

/** For so long what an event said is kept at least; nothing older is told again. */
export const eventKeptMs = 60 * dayMs;
