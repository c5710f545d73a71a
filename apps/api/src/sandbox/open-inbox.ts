import { createWebhookStore } from '@tollbook/db';
import { demoSlug, inboxPath, webhookSecretAad } from '@tollbook/usecases';
import type { ApiParts } from '../composition.js';
import { Inbox } from './inbox.js';

/** The inbox of the demo merchant; null while the sandbox is off. */
export function openInbox(parts: Pick<ApiParts, 'sandbox' | 'setup' | 'pool' | 'purchase'>): Inbox | null {
  if (!parts.sandbox) return null;
  const store = createWebhookStore(parts.pool);
  const { sealer } = parts.purchase;
  return new Inbox(async () => {
    const book = await parts.setup.bookOf(demoSlug, 'test');
    if (!book) return [];
    const secrets = await store.secretsOf(book.bookId, inboxPath);
    return secrets.map(({ webhookSecretId, secretSealed }) =>
      sealer.open(secretSealed, webhookSecretAad(webhookSecretId)),
    );
  });
}
