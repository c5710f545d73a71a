import type { FacilitatorPool } from '@tollbook/facilitator';
import type { Facilitator, Facilitators, RemoteFacilitator } from '@tollbook/usecases';

/** Buyers of scenarios that are remembered; each plays one. */
const payersMax = 200;

/** The facilitators of all books, and for the buyers of the sandbox's scenarios the scripted one. */
export class ScenarioFacilitators implements Facilitators {
  private readonly scripted = new Map<string, string>();

  constructor(private readonly pool: FacilitatorPool) {}

  /** From now on this payer's payments are settled by this facilitator alone. */
  route(payer: string, facilitatorId: string): void {
    const [oldest] = this.scripted.keys();
    if (oldest !== undefined && this.scripted.size >= payersMax) this.scripted.delete(oldest);
    this.scripted.set(payer.toLowerCase(), facilitatorId);
  }

  chosenFor(bookId: number, payer?: string): readonly Facilitator[] {
    const facilitatorId = payer === undefined ? undefined : this.scripted.get(payer);
    const remote = facilitatorId === undefined ? undefined : this.pool.remoteOf(bookId, facilitatorId);
    return remote ? [{ kind: 'remote', remote }] : this.pool.chosenFor(bookId);
  }

  remoteOf(bookId: number, facilitatorId: string): RemoteFacilitator | undefined {
    return this.pool.remoteOf(bookId, facilitatorId);
  }
}
