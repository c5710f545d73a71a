import { PageHeader } from '../../ui/page-header.js';

export function EndpointsPage() {
  return <PageHeader title="Endpoints" />;
}
