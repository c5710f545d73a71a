import type { RemoteFacilitator, RemoteVerdict, SettleOrder, SettleOutcome } from '@tollbook/usecases';
import {
  type FacilitatorOrder,
  facilitatorKindsSchema,
  facilitatorRequest,
  facilitatorVerdictSchema,
  fromV1Network,
  signedOf,
} from '@tollbook/x402';
import { type CdpCredentials, cdpHeaders } from './cdp-token.js';
import { callFacilitator, type FacilitatorHttp, type HttpAnswer } from './facilitator-http.js';
import { judgeSettlement } from './judge-settlement.js';

export type RemoteOptions = {
  readonly facilitatorId: string;
  /** Without a slash at its end. */
  readonly url: string;
  readonly credentials: CdpCredentials | null;
  readonly verifiesFirst: boolean;
  readonly trustsRefusals: boolean;
  readonly http: FacilitatorHttp;
  readonly nowMs: () => number;
  /** What version 1 names as the resource: where the gate stands, and nothing of the purchase. */
  readonly publicUrl: string;
  readonly settleTimeoutMs: number;
};

/** How it stood when it was last asked. */
export type FacilitatorSight =
  | { readonly kind: 'unasked' }
  | { readonly kind: 'ready'; readonly networks: readonly string[]; readonly atMs: number; readonly latencyMs: number }
  | { readonly kind: 'away'; readonly word: string; readonly atMs: number };

const verifyTimeoutMs = 5_000;
const probeTimeoutMs = 5_000;

/** A facilitator at a URL. It is ready once it has told what it settles, and until a question goes unanswered. */
export class HttpFacilitator implements RemoteFacilitator {
  private versions: ReadonlyMap<string, 1 | 2> = new Map();
  private seen: FacilitatorSight = { kind: 'unasked' };
  private probing: Promise<void> | undefined;
  readonly verify: RemoteFacilitator['verify'];

  constructor(private readonly options: RemoteOptions) {
    this.verify = options.verifiesFirst ? (order) => this.askVerdict(order) : null;
  }

  get facilitatorId(): string {
    return this.options.facilitatorId;
  }

  /** How it stood when it was last asked. */
  get sight(): FacilitatorSight {
    return this.seen;
  }

  isReady(network: string): boolean {
    return this.seen.kind === 'ready' && this.versions.has(network);
  }

  /** Asks what it settles; calls that overlap share one answer. */
  probe(): Promise<void> {
    this.probing ??= this.ask().finally(() => {
      this.probing = undefined;
    });
    return this.probing;
  }

  async settle(order: SettleOrder): Promise<SettleOutcome> {
    const request = this.requestOf(order);
    if (!request) return { kind: 'uncertain', hint: 'payload_unreadable', rawReason: null };
    const answer = await this.call(
      'POST',
      '/settle',
      this.options.settleTimeoutMs,
      facilitatorRequest(request.version, request.order),
    );
    if (answer.kind === 'failed') this.doubt(answer);
    return judgeSettlement(answer, { ...order, payTo: request.order.authorization.to }, this.options.trustsRefusals);
  }

  private async askVerdict(order: SettleOrder): Promise<RemoteVerdict> {
    const request = this.requestOf(order);
    if (!request) return { kind: 'unavailable' };
    const answer = await this.call(
      'POST',
      '/verify',
      verifyTimeoutMs,
      facilitatorRequest(request.version, request.order),
    );
    if (answer.kind === 'failed') {
      this.doubt(answer);
      return { kind: 'unavailable' };
    }
    const parsed = facilitatorVerdictSchema.safeParse(answer.json);
    if (!parsed.success || answer.status >= 500 || answer.status === 429) return { kind: 'unavailable' };
    const { isValid, invalidReason, payer } = parsed.data;
    if (!isValid) return { kind: 'refused', rawReason: invalidReason ?? 'no reason given' };
    return answer.status === 200 && (payer?.toLowerCase() ?? order.payer) === order.payer
      ? { kind: 'accepted' }
      : { kind: 'unavailable' };
  }

  /** What to send, from what was signed; null where that is not what the order names. */
  private requestOf(order: SettleOrder): { readonly version: 1 | 2; readonly order: FacilitatorOrder } | null {
    const signed = signedOf(order.payload);
    if (!signed) return null;
    const { from, nonce, valueAtomic } = signed.authorization;
    if (from !== order.payer || nonce !== order.nonce || valueAtomic !== order.amountAtomic) return null;
    const version = this.versions.get(order.asset.network) ?? 2;
    return { version, order: { asset: order.asset, ...signed, resourceUrl: this.options.publicUrl } };
  }

  private async ask(): Promise<void> {
    const startedMs = this.options.nowMs();
    const answer = await this.call('GET', '/supported', probeTimeoutMs);
    const atMs = this.options.nowMs();
    if (answer.kind === 'failed') return this.lose(answer.word);
    if (answer.status !== 200) return this.lose(`http_${answer.status}`);
    const parsed = facilitatorKindsSchema.safeParse(answer.json);
    if (!parsed.success) return this.lose('garbage');
    this.versions = versionsOf(parsed.data.kinds);
    // Who settles nothing that we know is of no more use than who is away.
    if (this.versions.size === 0) return this.lose('settles_nothing');
    this.seen = { kind: 'ready', networks: [...this.versions.keys()], atMs, latencyMs: atMs - startedMs };
  }

  /** Who cannot be reached is away; who broke off one call may be there for the next, which a probe tells. */
  private doubt(failed: Extract<HttpAnswer, { kind: 'failed' }>): void {
    // What could throw here is a bug that the next round of probes tells.
    if (failed.isSent) this.probe().catch(() => undefined);
    else this.lose(failed.word);
  }

  private lose(word: string): void {
    this.seen = { kind: 'away', word, atMs: this.options.nowMs() };
  }

  private call(method: 'GET' | 'POST', path: string, timeoutMs: number, body?: unknown): Promise<HttpAnswer> {
    const { http, credentials, nowMs } = this.options;
    const url = this.options.url + path;
    const nowUnixSeconds = Math.floor(nowMs() / 1000);
    const headers = credentials ? cdpHeaders(credentials, { method, url, nowUnixSeconds }) : [];
    return callFacilitator(http, { url, method, headers, body, timeoutMs });
  }
}

/** The newest version it speaks for each network that it settles exact payments on. */
function versionsOf(
  kinds: readonly { readonly x402Version: number; readonly scheme: string; readonly network: string }[],
): ReadonlyMap<string, 1 | 2> {
  const versions = new Map<string, 1 | 2>();
  for (const { x402Version, scheme, network } of kinds) {
    if (scheme !== 'exact' || (x402Version !== 1 && x402Version !== 2)) continue;
    const name = fromV1Network(network);
    if (versions.get(name) !== 2) versions.set(name, x402Version);
  }
  return versions;
}
