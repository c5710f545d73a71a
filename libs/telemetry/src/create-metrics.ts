import {
  Counter,
  type CounterConfiguration,
  collectDefaultMetrics,
  Gauge,
  type GaugeConfiguration,
  Histogram,
  type HistogramConfiguration,
  Registry,
} from 'prom-client';

export type { Counter, Gauge, Histogram };

/** The metrics of one process, kept apart from any other registry in it. */
export type Metrics = {
  /** Registers a counter; a name can be registered once. */
  counter: <Label extends string>(definition: CounterConfiguration<Label>) => Counter<Label>;
  /** Registers a gauge; `collect` is called for each scrape. */
  gauge: <Label extends string>(definition: GaugeConfiguration<Label>) => Gauge<Label>;
  /** Registers a histogram; name its unit last (`_seconds`, `_bytes`) and give `buckets` in it. */
  histogram: <Label extends string>(definition: HistogramConfiguration<Label>) => Histogram<Label>;
  /** All metrics in the Prometheus text format. */
  text: () => Promise<string>;
  /** The content type of `text`. */
  contentType: string;
};

/** Makes a registry that already holds the process and Node metrics. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    counter: (definition) => new Counter({ ...definition, registers }),
    gauge: (definition) => new Gauge({ ...definition, registers }),
    histogram: (definition) => new Histogram({ ...definition, registers }),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
