import type { Facilitators } from '@tollbook/usecases';

/** Facilitators as a test chooses them. */
export type ScriptedFacilitators = Facilitators & { use: Facilitators };

/** The built-in one alone, until a test uses others. */
export function scriptedFacilitators(): ScriptedFacilitators {
  const facilitators: ScriptedFacilitators = {
    use: { chosenFor: () => [{ kind: 'built_in' }], remoteOf: () => undefined },
    chosenFor: (bookId) => facilitators.use.chosenFor(bookId),
    remoteOf: (bookId, facilitatorId) => facilitators.use.remoteOf(bookId, facilitatorId),
  };
  return facilitators;
}
