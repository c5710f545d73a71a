import { PageHeader } from '../../ui/page-header.js';

export function LimitsPage() {
  return <PageHeader title="Rate limits" />;
}
