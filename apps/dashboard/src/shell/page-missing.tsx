import { Link } from '@tanstack/react-router';
import { EmptyState } from '../ui/empty-state.js';

/** An address that leads nowhere. */
export function PageMissing() {
  return (
    <EmptyState title="There is no page at this address" action={<Link to="/">Go to the overview</Link>}>
      The link may be old, or belong to the other mode.
    </EmptyState>
  );
}
