import { Card } from '../../ui/card.js';
import { JsonView } from '../../ui/json-view.js';

/** The first thing to do, while nothing was ever asked for. */
export function FirstPayment() {
  return (
    <Card title="No payments yet" note="Make a test payment to see one arrive here, within a second or two.">
      <JsonView value={`npx tollbook pay ${location.origin}/g/demo/weather`} what="command that makes a test payment" />
    </Card>
  );
}
