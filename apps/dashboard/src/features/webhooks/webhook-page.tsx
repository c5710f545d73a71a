import { PageHeader } from '../../ui/page-header.js';

export function WebhookPage() {
  return <PageHeader title="Webhook" />;
}
