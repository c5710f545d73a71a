import { PageHeader } from '../../ui/page-header.js';

export function AuditPage() {
  return <PageHeader title="Audit log" />;
}
