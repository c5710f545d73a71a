import { PageHeader } from '../../ui/page-header.js';

export function EndpointPage() {
  return <PageHeader title="Endpoint" />;
}
