import type { HealthState } from './read-health.js';

/** `disabled` by the merchant; the others as they were seen last. */
export type FacilitatorState = 'ready' | 'away' | 'not_asked_yet' | 'disabled';

/** Whether somebody settles: nobody who is ready is failing, one of several who is away wants a look. */
export function judgeFacilitators(states: readonly FacilitatorState[]): {
  readonly state: HealthState;
  readonly reason: 'none_ready' | 'away' | null;
} {
  const asked = states.filter((state) => state !== 'disabled' && state !== 'not_asked_yet');
  const isStarting = states.includes('not_asked_yet');
  if (!asked.includes('ready') && !isStarting) return { state: 'failing', reason: 'none_ready' };
  return asked.includes('away') ? { state: 'warning', reason: 'away' } : { state: 'ok', reason: null };
}
