import type { Facilitator, Facilitators, GateFacilitator } from '@tollbook/usecases';
import type { CdpCredentials } from './cdp-token.js';
import type { FacilitatorHttp } from './facilitator-http.js';
import { type FacilitatorSight, HttpFacilitator } from './remote-facilitator.js';

export type PoolDeps = {
  /** As the gate's snapshot has them now, in the order in which they are asked; undefined for a book it has not. */
  readonly facilitatorsOf: (bookId: number) => readonly GateFacilitator[] | undefined;
  readonly bookIds: () => readonly number[];
  readonly openCredentials: (facilitator: GateFacilitator) => CdpCredentials | null;
  readonly http: FacilitatorHttp;
  readonly nowMs: () => number;
  readonly publicUrl: string;
  readonly report: (error: unknown) => void;
  /** How long a settlement may take; 30 seconds unless told. */
  readonly settleTimeoutMs?: number;
};

/** How often those who are chosen are asked whether they are there. */
const probeMs = 5_000;
/** The lease of a claim counts on it. */
const settleTimeoutMsMax = 30_000;

const builtInAlone: readonly Facilitator[] = [{ kind: 'built_in' }];

/**
 * The facilitators of all books. One is asked every five seconds, from the moment it is chosen; what it answered then
 * is what the gate goes by, so a payment waits for no probe and none is invited that nobody can carry out.
 */
export class FacilitatorPool implements Facilitators {
  private readonly clients = new Map<
    string,
    { readonly configured: GateFacilitator; readonly client: HttpFacilitator }
  >();
  private readonly chosen = new WeakMap<readonly GateFacilitator[], readonly Facilitator[]>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly deps: PoolDeps) {}

  start(): void {
    this.timer = setInterval(() => this.probeAll(), probeMs);
    this.probeAll();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  chosenFor(bookId: number): readonly Facilitator[] {
    const configured = this.deps.facilitatorsOf(bookId);
    if (!configured) return builtInAlone;
    const known = this.chosen.get(configured);
    if (known) return known;
    const usable = configured.filter(({ isEnabled }) => isEnabled);
    const made = configured.some(({ isArchived }) => !isArchived)
      ? usable.map((each) => this.facilitatorOf(bookId, each))
      : builtInAlone;
    this.chosen.set(configured, made);
    return made;
  }

  remoteOf(bookId: number, facilitatorId: string): HttpFacilitator | undefined {
    const configured = this.deps.facilitatorsOf(bookId)?.find((each) => each.facilitatorId === facilitatorId);
    return configured && configured.url !== null ? this.clientOf(bookId, configured, configured.url) : undefined;
  }

  /** How a remote one stood when it was last asked; null for the built-in one, which is never asked. */
  sightOf(bookId: number, facilitatorId: string): FacilitatorSight | null {
    return this.remoteOf(bookId, facilitatorId)?.sight ?? null;
  }

  private facilitatorOf(bookId: number, configured: GateFacilitator): Facilitator {
    if (configured.url === null) return { kind: 'built_in' };
    return { kind: 'remote', remote: this.clientOf(bookId, configured, configured.url) };
  }

  /** One client as long as nothing about it changes: what it was seen to be outlives changes of the book. */
  private clientOf(bookId: number, configured: GateFacilitator, url: string): HttpFacilitator {
    const key = `${bookId}/${configured.facilitatorId}`;
    const known = this.clients.get(key);
    if (known && isSame(known.configured, configured)) return known.client;
    const { facilitatorId, verifiesFirst, trustsRefusals } = configured;
    const { http, nowMs, publicUrl } = this.deps;
    const credentials = this.deps.openCredentials(configured);
    const { settleTimeoutMs = settleTimeoutMsMax } = this.deps;
    const shared = {
      facilitatorId,
      verifiesFirst,
      trustsRefusals,
      http,
      nowMs,
      publicUrl,
      credentials,
      settleTimeoutMs,
    };
    const client = new HttpFacilitator({ ...shared, url: url.replace(/\/+$/, '') });
    this.clients.set(key, { configured, client });
    this.probe(client);
    return client;
  }

  /** Asks everybody who is chosen, now. */
  probeAll(): void {
    for (const bookId of this.deps.bookIds()) {
      for (const each of this.chosenFor(bookId)) {
        if (each.kind === 'remote') this.probe(this.remoteOf(bookId, each.remote.facilitatorId));
      }
    }
  }

  private probe(client: HttpFacilitator | undefined): void {
    client?.probe().catch(this.deps.report);
  }
}

function isSame(a: GateFacilitator, b: GateFacilitator): boolean {
  return (
    a.url === b.url &&
    a.verifiesFirst === b.verifiesFirst &&
    a.trustsRefusals === b.trustsRefusals &&
    Buffer.compare(a.credentialsSealed ?? Buffer.alloc(0), b.credentialsSealed ?? Buffer.alloc(0)) === 0
  );
}
