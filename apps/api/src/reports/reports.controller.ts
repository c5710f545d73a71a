import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import {
  type FailuresQuery,
  type FailuresReport,
  failuresQuerySchema,
  type Overview,
  type OverviewQuery,
  overviewQuerySchema,
  type PaymentsCsvQuery,
  paymentsCsvQuerySchema,
  type RevenueQuery,
  type RevenueReport,
  revenueQuerySchema,
} from '@tollbook/contract';
import { comparedPeriod, decodeId, periodBefore, type ReportPeriod } from '@tollbook/domain';
import { readOverview, reportFailures, reportRevenue } from '@tollbook/usecases';
import type { FastifyReply } from 'fastify';
import { type Caller, CurrentCaller } from '../accounts/caller.js';
import { Requires } from '../accounts/requires.decorator.js';
import type { ApiParts } from '../composition.js';
import { ProblemError } from '../problem.js';
import { SchemaPipe } from '../schema.pipe.js';
import { apiParts } from '../tokens.js';
import { csvLine } from './csv-line.js';
import { paymentCsv } from './payment-csv.js';
import { type AskedPeriod, periodOf, toApiPeriod, wholeDaysOf } from './period-of.js';
import { sendCsv } from './send-csv.js';

/** What a merchant reads and what the accountant takes along. Files are streamed and name their zone. */
@Controller('v1')
export class ReportsController {
  constructor(@Inject(apiParts) private readonly parts: ApiParts) {}

  @Get('overview')
  @Requires('reports:read')
  async overview(
    @CurrentCaller() caller: Caller,
    @Query(new SchemaPipe(overviewQuerySchema)) query: OverviewQuery,
  ): Promise<Overview> {
    const period = wholeDaysOf(query, caller);
    const compared = comparedPeriod(period, query.cmp, Date.now());
    const overview = await readOverview(this.parts, caller.bookId, period, compared, query.by);
    return {
      mode: caller.mode,
      asOf: new Date().toISOString(),
      period: toApiPeriod(period),
      comparison: query.cmp,
      previous: compared && toApiPeriod(compared.elapsed),
      previousDays: compared && toApiPeriod(compared.days),
      ...overview,
    };
  }

  @Get('reports/revenue')
  @Requires('reports:read')
  async revenue(
    @CurrentCaller() caller: Caller,
    @Query(new SchemaPipe(revenueQuerySchema)) query: RevenueQuery,
  ): Promise<RevenueReport> {
    const period = periodOf(query, caller);
    const { data, totals } = await this.readRevenue(caller, period, query);
    return { mode: caller.mode, period: toApiPeriod(period), groupBy: query.groupBy, data, totals };
  }

  @Get('reports/revenue.csv')
  @Requires('reports:read')
  async revenueCsv(
    @CurrentCaller() caller: Caller,
    @Query(new SchemaPipe(revenueQuerySchema)) query: RevenueQuery,
    @Res() reply: FastifyReply,
  ) {
    const period = periodOf(query, caller);
    const { data } = await this.readRevenue(caller, period, query);
    const { groupBy } = query;
    const columns = [
      ...(groupBy.includes('day') ? ['day'] : []),
      ...(groupBy.includes('endpoint') ? ['endpoint_id', 'endpoint'] : []),
      ...(groupBy.includes('network') ? ['network'] : []),
    ];
    const lines = async function* () {
      yield csvLine([...columns, 'asset', 'payments', 'final', 'confirmed', 'total', 'from', 'to', 'zone', 'mode']);
      const { from, to, zone } = toApiPeriod(period);
      for (const line of data) {
        const { day, endpointId, endpoint, network, asset, payments, final, confirmed, total } = line;
        yield csvLine([
          ...(groupBy.includes('day') ? [day] : []),
          ...(groupBy.includes('endpoint') ? [endpointId, endpoint] : []),
          ...(groupBy.includes('network') ? [network] : []),
          ...[asset, payments, final, confirmed, total, from, to, zone, caller.mode],
        ]);
      }
    };
    return sendCsv(reply, fileName('revenue', caller, period), lines(), this.parts.report);
  }

  @Get('reports/failures')
  @Requires('reports:read')
  async failures(
    @CurrentCaller() caller: Caller,
    @Query(new SchemaPipe(failuresQuerySchema)) query: FailuresQuery,
  ): Promise<FailuresReport> {
    const period = wholeDaysOf(query, caller);
    const previous = periodBefore(period);
    const data = await this.readFailures(caller, period, query);
    return { mode: caller.mode, period: toApiPeriod(period), previous: toApiPeriod(previous), data };
  }

  @Get('reports/failures.csv')
  @Requires('reports:read')
  async failuresCsv(
    @CurrentCaller() caller: Caller,
    @Query(new SchemaPipe(failuresQuerySchema)) query: FailuresQuery,
    @Res() reply: FastifyReply,
  ) {
    const period = wholeDaysOf(query, caller);
    const data = await this.readFailures(caller, period, query);
    const lines = async function* () {
      yield csvLine([
        'reason',
        'fixer',
        'count',
        'failed',
        'refused',
        'previous_count',
        'amount',
        'asset',
        'from',
        'to',
        'zone',
      ]);
      const { from, to, zone } = toApiPeriod(period);
      for (const { reason, fixer, count, failed, refused, previousCount, amounts } of data) {
        // A reason has one line an asset; its counts stand in the first, so that a column can be added up.
        const [first, ...rest] = amounts.length > 0 ? amounts : [{ amount: null, asset: null }];
        const counts = [count, failed, refused, previousCount];
        yield csvLine([reason, fixer, ...counts, first?.amount ?? null, first?.asset ?? null, from, to, zone]);
        for (const { amount, asset } of rest) {
          yield csvLine([reason, fixer, ...counts.map(() => null), amount, asset, from, to, zone]);
        }
      }
    };
    return sendCsv(reply, fileName('failures', caller, period), lines(), this.parts.report);
  }

  @Get('reports/payments.csv')
  @Requires('reports:read')
  async paymentsCsv(
    @CurrentCaller() caller: Caller,
    @Query(new SchemaPipe(paymentsCsvQuerySchema)) query: PaymentsCsvQuery,
    @Res() reply: FastifyReply,
  ) {
    const period = periodOf(query, caller);
    const names = await this.parts.reports.endpointNames(caller.bookId);
    const lines = paymentCsv(this.parts, caller.bookId, period, names);
    return sendCsv(reply, fileName('payments', caller, period), lines, this.parts.report);
  }

  private readRevenue(caller: Caller, period: ReportPeriod, { groupBy }: RevenueQuery) {
    const by = {
      day: groupBy.includes('day'),
      endpoint: groupBy.includes('endpoint'),
      network: groupBy.includes('network'),
    };
    return reportRevenue(this.parts, caller.bookId, period, by);
  }

  private readFailures(caller: Caller, period: ReportPeriod, query: FailuresQuery & AskedPeriod) {
    const endpointId = query.endpoint === undefined ? null : decodeId('endpoint', query.endpoint);
    if (query.endpoint !== undefined && endpointId === null) {
      throw new ProblemError('parameter_invalid', 'The parameter "endpoint" is not an id.', { parameter: 'endpoint' });
    }
    return reportFailures(this.parts, caller.bookId, period, periodBefore(period), endpointId);
  }
}

function fileName(what: string, { gateSlug }: Caller, { firstDay, lastDay }: ReportPeriod): string {
  return `tollbook-${gateSlug}-${what}-${firstDay}-to-${lastDay}.csv`;
}
