import { expect, it } from 'vitest';
import { createMetrics } from './create-metrics.js';

it('serves what was counted beside the process metrics', async () => {
  const metrics = createMetrics();
  const settled = metrics.counter({ name: 'payments_settled_total', help: 'Settled.', labelNames: ['network'] });
  settled.inc({ network: 'eip155:84532' }, 2);
  metrics.gauge({
    name: 'outbox_depth',
    help: 'Waiting.',
    collect() {
      this.set(3);
    },
  });
  const latency = metrics.histogram({ name: 'gate_seconds', help: 'Gate.', buckets: [0.01, 0.1] });
  latency.observe(0.05);
  const text = await metrics.text();
  expect(text).toContain('payments_settled_total{network="eip155:84532"} 2');
  expect(text).toContain('outbox_depth 3');
  expect(text).toContain('gate_seconds_bucket{le="0.1"} 1');
  expect(text).toContain('process_cpu_seconds_total');
  expect(metrics.contentType).toContain('text/plain');
});

it('keeps two registries apart', async () => {
  const [one, two] = [createMetrics(), createMetrics()];
  one.counter({ name: 'only_here_total', help: 'One.' }).inc();
  expect(await two.text()).not.toContain('only_here_total');
});
