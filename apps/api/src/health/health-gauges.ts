import type { Metrics } from '@tollbook/telemetry';
import {
  type Catalog,
  type HealthStore,
  type HealthView,
  ledgerSchedule,
  proofSchedule,
  readHealth,
  sumsSchedule,
} from '@tollbook/usecases';

type Deps = { readonly metrics: Metrics; readonly health: HealthStore; readonly catalog: Catalog };

/** The state of the whole instance as gauges, read when they are asked for. They name no merchant and no address. */
export class HealthGauges {
  private readonly gauges: ReturnType<typeof registerGauges>;

  constructor(private readonly deps: Deps) {
    this.gauges = registerGauges(deps.metrics);
  }

  /** Reads everything anew. Without the database nothing but its absence is told: an old number would be a lie. */
  async refresh(): Promise<void> {
    const { health: store, catalog } = this.deps;
    const view = await readHealth({ store, catalog }, null).catch(() => null);
    for (const gauge of Object.values(this.gauges)) gauge.reset();
    // A gauge without labels resets to 0, which would say that the books are right.
    this.gauges.booksDiffering.set(Number.NaN);
    this.gauges.booksBroken.set(Number.NaN);
    this.gauges.sumsDiffering.set(Number.NaN);
    this.gauges.isDatabaseUp.set(view === null ? 0 : 1);
    if (view !== null) this.set(view);
  }

  private set(view: HealthView): void {
    const { gauges } = this;
    for (const kind of ['api', 'worker']) {
      gauges.processes.set({ kind }, view.processes.data.filter((each) => each.kind === kind).length);
    }
    for (const network of view.networks) this.setNetwork(network);
    for (const { name: queue, ...counts } of view.queues.data) {
      for (const [state, count] of Object.entries(counts)) gauges.queueJobs.set({ queue, state }, count);
    }
    for (const { network, balanceWei, balanceMinWei } of view.gas.data) {
      gauges.gasBalance.set({ network }, Number(balanceWei) / coinWei);
      gauges.gasMinimum.set({ network }, Number(balanceMinWei) / coinWei);
    }
    for (const { name: schedule, last, state } of view.schedules) {
      gauges.scheduleOk.set({ schedule }, state === 'ok' ? 1 : 0);
      if (last !== null) gauges.scheduleLastRun.set({ schedule }, last.finishedAtMs / 1000);
      if (last === null) continue;
      const { differences = 0, broken = 0, contradictions = 0 } = last.counts;
      if (schedule === proofSchedule) gauges.booksDiffering.set(differences);
      if (schedule === sumsSchedule) gauges.sumsDiffering.set(differences);
      if (schedule === ledgerSchedule) gauges.booksBroken.set(broken + contradictions);
    }
  }

  private setNetwork({
    network,
    state,
    chainHeadNumber,
    heights,
    lag,
    nodes,
    checks,
  }: HealthView['networks'][number]): void {
    const { gauges } = this;
    const known = {
      head: chainHeadNumber,
      indexed: heights?.headNumber,
      confirmed: heights?.confirmedNumber,
      final: heights?.finalNumber,
    };
    for (const [height, number] of Object.entries(known)) {
      if (number !== null && number !== undefined) gauges.chainHeight.set({ network, height }, Number(number));
    }
    gauges.networkOk.set({ network }, state === 'ok' ? 1 : 0);
    if (lag !== null) gauges.lagBlocks.set({ network }, lag.blocks);
    if (lag !== null) gauges.lagSeconds.set({ network }, lag.seconds);
    for (const { kind, found, leftOut, ghosts } of checks)
      for (const [finding, { count }] of Object.entries({ found, left_out: leftOut, ghosts }))
        gauges.chainFindings.set({ network, kind, finding }, count);
    for (const node of nodes) {
      gauges.rpcRequests.set({ network, node: node.name }, node.requests);
      gauges.rpcErrors.set({ network, node: node.name }, node.errors);
      if (node.month) gauges.rpcMonth.set({ network, node: node.name }, node.month.calls);
    }
  }
}

/** Gauges are floats: near enough for an alarm, and nothing is booked by them. */
const coinWei = 1e18;

function registerGauges({ gauge }: Metrics) {
  return {
    isDatabaseUp: gauge({ name: 'tollbook_database_up', help: 'Whether the database answered this scrape.' }),
    processes: gauge({ name: 'tollbook_processes', help: 'Processes alive.', labelNames: ['kind'] }),
    networkOk: gauge({ name: 'tollbook_network_ok', help: '1 while a network is read.', labelNames: ['network'] }),
    chainHeight: gauge({
      name: 'tollbook_chain_height',
      help: 'Heights of a network: head of its node, indexed, confirmed, final.',
      labelNames: ['network', 'height'],
    }),
    lagBlocks: gauge({ name: 'tollbook_chain_lag_blocks', help: 'Blocks not indexed yet.', labelNames: ['network'] }),
    lagSeconds: gauge({
      name: 'tollbook_chain_lag_seconds',
      help: 'The same at the network’s usual pace.',
      labelNames: ['network'],
    }),
    chainFindings: gauge({
      name: 'tollbook_chain_check_findings',
      help: 'Transfers since the beginning that one of two readings left out, or that the chain does not have.',
      labelNames: ['network', 'kind', 'finding'],
    }),
    rpcRequests: gauge({
      name: 'tollbook_rpc_requests_recent',
      help: 'Requests of the workers to a node in 15 minutes.',
      labelNames: ['network', 'node'],
    }),
    rpcErrors: gauge({
      name: 'tollbook_rpc_errors_recent',
      help: 'Those of them that failed.',
      labelNames: ['network', 'node'],
    }),
    rpcMonth: gauge({
      name: 'tollbook_rpc_calls_month',
      help: 'Calls of this month to a node, by every process.',
      labelNames: ['network', 'node'],
    }),
    queueJobs: gauge({ name: 'tollbook_queue_jobs', help: 'Jobs by state.', labelNames: ['queue', 'state'] }),
    scheduleOk: gauge({
      name: 'tollbook_schedule_ok',
      help: '1 while a schedule runs when it is due, and succeeds.',
      labelNames: ['schedule'],
    }),
    scheduleLastRun: gauge({
      name: 'tollbook_schedule_last_run_timestamp_seconds',
      help: 'End of the last run.',
      labelNames: ['schedule'],
    }),
    gasBalance: gauge({
      name: 'tollbook_gas_balance_coins',
      help: 'What the built-in facilitator has left of a network’s own coin.',
      labelNames: ['network'],
    }),
    gasMinimum: gauge({
      name: 'tollbook_gas_balance_minimum_coins',
      help: 'Below it health warns.',
      labelNames: ['network'],
    }),
    booksDiffering: gauge({
      name: 'tollbook_books_differing_wallets',
      help: 'Wallets whose books differ from the chain, in the last run of the proof.',
    }),
    booksBroken: gauge({
      name: 'tollbook_books_broken_rows',
      help: 'Rows of ledgers, or behind them, that are not what was booked, in the last walk over all of them.',
    }),
    sumsDiffering: gauge({
      name: 'tollbook_sums_differing',
      help: 'Sums of reports that differ from their rows, in the last comparison.',
    }),
  };
}
