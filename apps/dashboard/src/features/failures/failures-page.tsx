import { PageHeader } from '../../ui/page-header.js';

export function FailuresPage() {
  return <PageHeader title="Failures" />;
}
