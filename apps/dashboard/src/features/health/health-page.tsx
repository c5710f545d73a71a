import { PageHeader } from '../../ui/page-header.js';

export function HealthPage() {
  return <PageHeader title="Health" />;
}
