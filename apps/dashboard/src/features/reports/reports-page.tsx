import { PageHeader } from '../../ui/page-header.js';

export function ReportsPage() {
  return <PageHeader title="Reports" />;
}
