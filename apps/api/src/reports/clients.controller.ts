import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import { type ClientsQuery, type ClientsReport, clientsQuerySchema } from '@tollbook/contract';
import { decodeId, type ReportPeriod } from '@tollbook/domain';
import { reportClients } from '@tollbook/usecases';
import type { FastifyReply } from 'fastify';
import { type Caller, CurrentCaller } from '../accounts/caller.js';
import { Requires } from '../accounts/requires.decorator.js';
import type { ApiParts } from '../composition.js';
import { SchemaPipe } from '../schema.pipe.js';
import { apiParts } from '../tokens.js';
import { csvLine } from './csv-line.js';
import { periodOf, toApiPeriod } from './period-of.js';
import { sendCsv } from './send-csv.js';

/** Which kinds of client pay, and which never do. */
@Controller('v1/reports')
export class ClientsController {
  constructor(@Inject(apiParts) private readonly parts: ApiParts) {}

  @Get('clients')
  @Requires('reports:read')
  async clients(
    @CurrentCaller() caller: Caller,
    @Query(new SchemaPipe(clientsQuerySchema)) query: ClientsQuery,
  ): Promise<ClientsReport> {
    const period = periodOf(query, caller);
    const lines = await this.read(caller, period, query);
    const data = lines.map(({ versions, ...line }) => ({
      ...line,
      versions: versions.map(({ x402Version, ...ends }) => ({ x402Version: x402Version || null, ...ends })),
    }));
    return { mode: caller.mode, period: toApiPeriod(period), data };
  }

  @Get('clients.csv')
  @Requires('reports:read')
  async clientsCsv(
    @CurrentCaller() caller: Caller,
    @Query(new SchemaPipe(clientsQuerySchema)) query: ClientsQuery,
    @Res() reply: FastifyReply,
  ) {
    const period = periodOf(query, caller);
    const data = await this.read(caller, period, query);
    const { from, to, zone, firstDay, lastDay } = toApiPeriod(period);
    const lines = async function* () {
      yield csvLine([...clientColumns]);
      for (const { client, offered, versions, neverPays } of data) {
        const about = [neverPays ? 'yes' : 'no', from, to, zone];
        // Offers go out for any version, so they have a line of their own: nobody takes them for those of one.
        yield csvLine([client, 'any', offered, null, null, null, null, ...about]);
        for (const { x402Version, refused, failed, unknown, paid } of versions) {
          yield csvLine([client, x402Version || null, null, refused, failed, unknown, paid, ...about]);
        }
      }
    };
    const name = `tollbook-${caller.gateSlug}-clients-${firstDay}-to-${lastDay}.csv`;
    return sendCsv(reply, name, lines(), this.parts.report);
  }

  private read({ bookId }: Caller, period: ReportPeriod, { endpoint }: ClientsQuery) {
    return reportClients(this.parts, bookId, period, endpoint === undefined ? null : decodeId('endpoint', endpoint));
  }
}

export const clientColumns = [
  ...['client', 'x402_version', 'offered', 'refused', 'failed', 'unknown', 'paid', 'never_pays'],
  ...['from', 'to', 'zone'],
];
