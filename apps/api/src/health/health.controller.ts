import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { PublicRoute } from '../accounts/requires.decorator.js';
import type { ApiParts } from '../composition.js';
import { apiParts } from '../tokens.js';

/** Whether this process lives, and whether it may take payments. */
@PublicRoute()
@Controller()
export class HealthController {
  constructor(@Inject(apiParts) private readonly parts: ApiParts) {}

  @Get('health/live')
  @Header('cache-control', 'no-store')
  live() {
    return { status: 'ok' };
  }

  /** 200, or 503 with the parts that fail named. */
  @Get('health/ready')
  @Header('cache-control', 'no-store')
  async ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const checks = { gate: this.parts.snapshot.readiness(), chains: await this.chains() };
    const failing = Object.entries(checks).filter(([, state]) => state !== 'ready');
    if (failing.length > 0) void reply.status(503);
    return { status: failing.length === 0 ? 'ready' : 'not_ready', failing: failing.map(([part]) => part), checks };
  }

  /** For Prometheus; the gauges of the whole instance are read for each scrape. */
  @Get('metrics')
  async metrics(@Res({ passthrough: true }) reply: FastifyReply) {
    await this.parts.gauges.refresh();
    void reply.header('content-type', this.parts.metrics.contentType);
    return this.parts.metrics.text();
  }

  /** Without any node that answers no payment can be taken. One network of several takes no others down with it. */
  private async chains(): Promise<string> {
    const readers = this.parts.catalog.networks.flatMap(({ network }) => this.parts.readerOf(network) ?? []);
    const answers = await Promise.allSettled(readers.map((reader) => reader.chainId()));
    const isAnyUp = answers.some(({ status }) => status === 'fulfilled');
    return isAnyUp || readers.length === 0
      ? 'ready'
      : `${readers.map(({ network }) => network).join(', ')} does not answer`;
  }
}
