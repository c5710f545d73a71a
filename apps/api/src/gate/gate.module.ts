import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import type { ApiParts } from '../composition.js';
import { apiParts, gateRoute } from '../tokens.js';
import { handleGate } from './gate-handler.js';
import type { GateRoute } from './gate-route.js';
import { HeldBytes } from './held-bytes.js';
import { RecentFinds } from './recent-finds.js';

/** Owns `/g/*`: pipes, guards and body parsers of the merchant API do not run for a buyer. */
@Module({})
export class GateModule implements OnModuleInit {
  constructor(
    @Inject(apiParts) private readonly parts: ApiParts,
    @Inject(gateRoute) private readonly route: GateRoute,
  ) {}

  onModuleInit(): void {
    const { purchase, snapshot, outbound, writer, unpaidLimit, report, metrics, offerCounts } = this.parts;
    const { publicUrl, requestHeldBytesMax, answerHeldBytesMax } = this.parts.config;
    const counts = new Map<string, number>();
    metrics.counter({
      name: 'tollbook_gate_answers_total',
      help: 'Answers of the gate by code.',
      labelNames: ['code'],
      // Counted here and handed over when somebody looks: finding a counter by its label costs more than counting.
      collect() {
        for (const [code, count] of counts) this.inc({ code }, count);
        counts.clear();
      },
    });
    const count = (code: string) => {
      counts.set(code, (counts.get(code) ?? 0) + 1);
    };
    const told = { report, count, offerCounts };
    const held = new HeldBytes();
    metrics.gauge({
      name: 'tollbook_gate_held_bytes',
      help: 'Bytes of paid requests and their answers in memory.',
      labelNames: ['over'],
      collect() {
        this.set({ over: 'now' }, held.now);
        this.set({ over: 'most_since_last_scrape' }, held.takeMost());
      },
    });
    const sizes = { held, requestHeldBytesMax, answerHeldBytesMax };
    const recent = new RecentFinds(snapshot);
    const deps = { purchase, snapshot, recent, outbound, writer, publicUrl, unpaidLimit, ...sizes, ...told };
    const { lastRequests } = this.parts;
    this.route.open((request, response) => {
      const fail = (error: unknown) => {
        report(error);
        response.destroy();
      };
      try {
        const work = handleGate(deps, request, response);
        if (work !== null) void lastRequests.follow(work.catch(fail));
      } catch (error) {
        fail(error);
      }
    });
  }
}
