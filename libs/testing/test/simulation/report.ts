import { failpoints } from '@tollbook/usecases';
import type { Campaign, Finding } from './campaign.js';

/** Failpoints at which nobody died. */
export function uncovered({ tally }: Campaign): readonly string[] {
  return failpoints.filter((name) => !tally.has(`crash: ${name}`));
}

/** What happened in a campaign, for people. */
export function told(campaign: Campaign): string {
  const { runs, steps, events, milliseconds, tally, findings } = campaign;
  const seconds = milliseconds / 1000;
  const perRun = (count: number) => (count / Math.max(1, runs)).toFixed(1);
  const missed = uncovered(campaign);
  return [
    `${runs} runs in ${seconds.toFixed(1)} s, ${(runs / seconds).toFixed(2)} a second, ${findings.length} with violations.`,
    `${steps} happenings (${perRun(steps)} a run), ${events} events told to merchants (${perRun(events)} a run).`,
    missed.length === 0 ? `Died at each of ${failpoints.length} failpoints.` : `Never died at ${missed.join(', ')}.`,
    'How often what happened:',
    ...[...tally]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([what, times]) => `  ${String(times).padStart(7)}  ${what}`),
  ].join('\n');
}

/** A script that broke something, in the order in which it happened. */
export function toldFinding({ script, violations }: Finding): string {
  return [
    `Seed ${script.seed} breaks:`,
    ...violations.slice(0, 8).map(({ invariant, what }) => `  ${invariant}: ${what}`),
    `  in ${JSON.stringify(script.setup)}`,
    ...script.happenings.map((happening, index) => `  ${index + 1}. ${JSON.stringify(happening)}`),
  ].join('\n');
}
