import { PageHeader } from '../../ui/page-header.js';

export function WebhooksPage() {
  return <PageHeader title="Webhooks" />;
}
