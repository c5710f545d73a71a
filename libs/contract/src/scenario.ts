import { z } from 'zod';

/** What may become of a payment, each for a merchant to see in the sandbox before it happens with real money. */
export const scenarios = ['ok', 'declined', 'delayed', 'lost-reply', 'short', 'late', 'twice', 'expired'] as const;
export type Scenario = (typeof scenarios)[number];

/** What a merchant sees of each, once it is over. */
export const scenarioSights: Readonly<Record<Scenario, string>> = {
  ok: 'The payment is confirmed after a few blocks and final after some more; its income is booked.',
  declined: 'The payment failed with its reason. Nothing is booked, and the same buyer may come again.',
  delayed: 'The payment was unknown until the chain showed it; then confirmed. The buyer paid and was served once.',
  'lost-reply':
    'The payment was unknown until the chain showed it; then confirmed. The buyer paid and was served once.',
  short: 'Money that names no payment stands under unmatched, until somebody gives it to one.',
  late: 'The payment failed by the word of a facilitator that is trusted, and came all the same: a discrepancy "late".',
  twice: 'One payment, one entry. The second answer is the first one, kept.',
  expired: 'The payment was unknown until its authorization had ended on the chain, and is proved failed.',
};

/** `POST /sandbox/scenarios`. */
export const playScenarioSchema = z.strictObject({
  scenario: z.enum(scenarios),
  /** Whether the answer comes when the scenario is over, up to two minutes later, or after the gate's first answer. */
  waits: z.boolean().default(false),
});

/** What the scenario's buyer did so far, and how it was answered. */
export const playedScenarioSchema = z.object({
  scenario: z.enum(scenarios),
  /** The address of its buyer, by which everything that it made is found. */
  payer: z.string(),
  steps: z.array(
    z.object({
      what: z.string(),
      /** Null where nothing was asked of the gate. */
      status: z.int().nullable(),
      code: z.string().nullable(),
      txHash: z.string().nullable(),
    }),
  ),
});

export type PlayedScenario = z.infer<typeof playedScenarioSchema>;
