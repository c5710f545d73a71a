import type { ReportPeriod } from '@tollbook/domain';
import { toDbTime } from '../mapping/column.mapping.js';
import type { Session } from '../session.js';

export type ClientSumRow = {
  readonly client: string;
  readonly x402_version: number;
  readonly kind: string;
  readonly reason: string;
  readonly count: bigint;
};

const statement = {
  name: '',
  text: `select client, x402_version, kind, reason, sum(count)::bigint as count
    from offer_counts
    where book_id = $1 and minute >= $2 and minute < $3 and ($4::uuid is null or endpoint_id = $4)
    group by 1, 2, 3, 4 order by 1, 2, 3, 4`,
};

/** What the gate counted in a period, by kind of client. */
export async function readClients(
  session: Session,
  bookId: number,
  { fromMs, toMs }: ReportPeriod,
  endpointId: string | null,
): Promise<ClientSumRow[]> {
  const values = [bookId, toDbTime(fromMs), toDbTime(toMs), endpointId];
  return (await session.run<ClientSumRow>(statement, values)).rows;
}
