import { z } from 'zod';

/** What may become of a payment, each for a merchant to see in the sandbox before it happens with real money. */
export const scenarios = ['ok', 'declined', 'delayed', 'lost-reply', 'short', 'late', 'twice', 'expired'] as const;
export type Scenario = (typeof scenarios)[number];

/** `POST /sandbox/scenarios`. */
export const playScenarioSchema = z.strictObject({
  scenario: z.enum(scenarios),
  /** Whether the answer comes when the scenario is over, up to two minutes later, or after the gate's first answer. */
  waits: z.boolean().default(false),
});

/** What the scenario's buyer did so far, and how it was answered. */
export const playedScenarioSchema = z.object({
  scenario: z.enum(scenarios),
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
