import { PageHeader } from '../../ui/page-header.js';

export function OverviewPage() {
  return <PageHeader title="Overview" />;
}
