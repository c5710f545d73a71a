import { verifyWebhook, type WebhookCheck } from '@tollbook/webhooks';

/** A webhook that arrived and was signed with a secret of ours. */
export type InboxItem = {
  readonly receivedAt: string;
  /** `evt_…`; the same for a resend. */
  readonly id: string;
  readonly type: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

type Arrival = { readonly headers: Readonly<Record<string, unknown>>; readonly body: Uint8Array };

const itemsMax = 200;
const shownHeaders = ['webhook-id', 'webhook-timestamp', 'webhook-signature', 'content-type', 'user-agent'];

/** The sandbox's receiver: verifies what arrives as a merchant would, and remembers the last two hundred. */
export class Inbox {
  private readonly items: InboxItem[] = [];
  private secrets: readonly Uint8Array[] = [];

  constructor(
    private readonly readSecrets: () => Promise<readonly Uint8Array[]>,
    private readonly nowMs: () => number = Date.now,
  ) {}

  /** Newest first. */
  list(): readonly InboxItem[] {
    return this.items.toReversed();
  }

  async receive(arrival: Arrival): Promise<WebhookCheck> {
    const check = await this.verify(arrival);
    if (check.kind === 'refused') return check;
    const headers = shownHeaders.flatMap((name) => {
      const value = arrival.headers[name];
      return typeof value === 'string' ? [[name, value] as const] : [];
    });
    const body = new TextDecoder().decode(arrival.body);
    const receivedAt = new Date(this.nowMs()).toISOString();
    this.items.push({ receivedAt, id: check.id, type: typeOf(body), headers: Object.fromEntries(headers), body });
    if (this.items.length > itemsMax) this.items.shift();
    return check;
  }

  /** Secrets are read again when one does not fit: it may have been rotated. */
  private async verify(arrival: Arrival): Promise<WebhookCheck> {
    const check = verifyWebhook(this.secrets, arrival, this.nowMs());
    if (check.kind === 'verified' || check.reason !== 'signature_wrong') return check;
    this.secrets = await this.readSecrets();
    return verifyWebhook(this.secrets, arrival, this.nowMs());
  }
}

function typeOf(body: string): string {
  try {
    const { type } = JSON.parse(body) as { type?: unknown };
    return typeof type === 'string' ? type : '';
  } catch {
    return '';
  }
}
