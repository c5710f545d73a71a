import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@tollbook/telemetry';
import { reasonOf } from '../explain-error.js';
import { afterDeath, noDeaths, type RestartLimits, restartLimits } from './restart-policy.js';
import { type RunningService, StartFailed } from './running-service.js';

/** The last words of a service that is not started again. */
export type GiveUpReport = {
  readonly name: string;
  readonly deaths: number;
  readonly how: string;
  readonly lastLines: readonly string[];
};

export type KeptServicePlan<Service extends RunningService> = {
  readonly name: string;
  /** Resolves when it is ready; rejects, leaving nothing behind, when it cannot be or `signal` gave it up. */
  readonly start: (signal: AbortSignal) => Promise<Service>;
  /** Whether a failure of the very first start is told at once instead of tried again. */
  readonly isFirstStartFinal: boolean;
  readonly onReady?: (service: Service) => void;
  readonly onEnded?: () => void;
  readonly onGiveUp: (report: GiveUpReport) => void;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly limits?: RestartLimits;
};

const lateGraceMs = 2_000;

type Death = { readonly how: string; readonly lastLines: readonly string[]; readonly healthyForMs: number };

/** A service that is started again whenever it dies, until it is stopped or dies too often. */
export class KeptService<Service extends RunningService> {
  #current: Service | undefined;
  #running: Promise<void> | undefined;
  #isRestartWanted = false;
  readonly #stopping = new AbortController();

  constructor(private readonly plan: KeptServicePlan<Service>) {}

  /** Starts keeping it; resolves when it is ready for the first time. May be called once. */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#running = this.#keep(resolve, reject);
    });
  }

  /** Ends it, asking first and killing after `graceMs`; resolves when it is gone. It is not started again. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping.abort();
    this.#endCurrent(graceMs);
    await this.#running;
  }

  /** Starts it anew, for a change that it reads at its start; not counted as a death. */
  restart(graceMs: number): void {
    this.#isRestartWanted = true;
    this.#endCurrent(graceMs);
  }

  /** Ends it without asking. */
  kill(): void {
    this.#current?.kill();
  }

  #endCurrent(graceMs: number): void {
    const current = this.#current;
    if (current === undefined) return;
    current.askToEnd();
    const timer = setTimeout(() => current.kill(), graceMs);
    void current.exited.then(() => clearTimeout(timer));
  }

  async #keep(onFirstReady: () => void, onFirstFailure: (error: unknown) => void): Promise<void> {
    const { name, logger, limits = restartLimits } = this.plan;
    const { signal } = this.#stopping;
    let state = noDeaths;
    let isFirst = true;
    for (;;) {
      const outcome = await this.#runOnce(() => {
        isFirst = false;
        onFirstReady();
      });
      if (signal.aborted || (outcome.kind === 'not_started' && isFirst && this.plan.isFirstStartFinal)) {
        onFirstFailure(outcome.kind === 'not_started' ? outcome.error : new StartFailed('was stopped', []));
        return;
      }
      if (this.#isRestartWanted) {
        this.#isRestartWanted = false;
        continue;
      }
      const { how, lastLines, healthyForMs } = deathOf(outcome);
      const verdict = afterDeath(state, { nowMs: performance.now(), healthyForMs }, limits);
      if (verdict.kind === 'give_up') {
        logger.error({ service: name, how, deaths: verdict.deaths }, 'service died too often');
        this.plan.onGiveUp({ name, deaths: verdict.deaths, how, lastLines });
        return;
      }
      state = verdict.state;
      logger.warn({ service: name, how, healthy_ms: healthyForMs, delay_ms: verdict.delayMs }, 'service died');
      await delay(verdict.delayMs, undefined, { signal }).catch(() => undefined);
      // Whatever changed so far is read by the start that follows.
      this.#isRestartWanted = false;
    }
  }

  async #runOnce(onReady: () => void): Promise<Outcome> {
    try {
      const service = await this.plan.start(this.#stopping.signal);
      this.#current = service;
      const readyAtMs = performance.now();
      this.plan.logger.info({ service: this.plan.name, service_pid: service.pid }, 'service started');
      this.plan.onReady?.(service);
      onReady();
      // It may have been told to end, or to begin anew, at the very moment it became ready.
      if (this.#stopping.signal.aborted || this.#isRestartWanted) this.#endCurrent(lateGraceMs);
      const how = await service.exited;
      const healthyForMs = Math.round(performance.now() - readyAtMs);
      return { kind: 'died', death: { how, lastLines: service.lastLines(), healthyForMs } };
    } catch (error) {
      this.#current?.kill();
      await this.#current?.exited;
      return { kind: 'not_started', error };
    } finally {
      this.#current = undefined;
      this.plan.onEnded?.();
    }
  }
}

type Outcome =
  | { readonly kind: 'died'; readonly death: Death }
  | { readonly kind: 'not_started'; readonly error: unknown };

function deathOf(outcome: Outcome): Death {
  if (outcome.kind === 'died') return outcome.death;
  const { error } = outcome;
  return { how: reasonOf(error), lastLines: error instanceof StartFailed ? error.lastLines : [], healthyForMs: 0 };
}
