import type { Period } from '@tollbook/contract';
import { periodDaysMax, type ReportPeriod, reportPeriod } from '@tollbook/domain';
import type { Caller } from '../accounts/caller.js';
import { ProblemError } from '../problem.js';

export type AskedPeriod = {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly zone?: string | undefined;
};

/** The period that a query asks for, in the caller's book; throws a refusal that names the parameter. */
export function periodOf(query: AskedPeriod, caller: Pick<Caller, 'timeZone'>): ReportPeriod {
  const result = reportPeriod(query, caller.timeZone, Date.now());
  if (result.kind === 'ok') return result.period;
  const { parameter, reason } = result;
  const order = parameter === 'to' ? 'lies before the beginning' : 'lies after the end';
  const wrong = reason === 'too_long' ? `lies more than ${periodDaysMax} days before the end` : order;
  throw new ProblemError('parameter_invalid', `The parameter "${parameter}" ${wrong}.`, { parameter });
}

/** As `periodOf`, where only whole days of the book's own zone can be answered. */
export function wholeDaysOf(query: AskedPeriod, caller: Pick<Caller, 'timeZone'>): ReportPeriod {
  const period = periodOf(query, caller);
  if (period.isWholeDays) return period;
  const parameter = period.zone !== caller.timeZone ? 'zone' : query.from === undefined ? 'to' : 'from';
  const detail = `This is counted by whole days of the book's zone, ${caller.timeZone}.`;
  throw new ProblemError('parameter_invalid', detail, { parameter });
}

/** A period as `/v1` shows it. */
export function toApiPeriod(period: ReportPeriod): Period {
  const { fromMs, toMs, firstDay, lastDay, zone } = period;
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString(), firstDay, lastDay, zone };
}
