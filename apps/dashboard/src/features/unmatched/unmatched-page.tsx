import { PageHeader } from '../../ui/page-header.js';

export function UnmatchedPage() {
  return <PageHeader title="Unmatched" />;
}
