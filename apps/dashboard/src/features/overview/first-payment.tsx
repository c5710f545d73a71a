import { Link } from '@tanstack/react-router';
import { useBook } from '../../api/book-context.js';
import { playsScenarios } from '../../plays-scenarios.js';
import { Card } from '../../ui/card.js';
import { JsonView } from '../../ui/json-view.js';

/** The first thing to do, while nothing was ever asked for. */
export function FirstPayment() {
  const { book } = useBook();
  return (
    <Card
      title="No payments yet"
      note="Make a test payment to see one arrive here, within a second or two."
      action={playsScenarios(book) ? <Link to="/scenarios">Play what may happen</Link> : null}
    >
      <JsonView value={`npx tollbook pay ${location.origin}/g/demo/weather`} what="command that makes a test payment" />
    </Card>
  );
}
