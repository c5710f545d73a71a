import type { EndpointRecord } from '@tollbook/usecases';
import { fromDbEndpoint, fromDbPriceVersion } from '../mapping/endpoint.mapping.js';
import type { NetworkIds } from '../network-ids.js';
import { type EndpointRow, readEndpoint, readLivePrices } from '../queries/read-endpoints.js';
import type { Session } from '../session.js';

/** One endpoint, archived or not, with the prices in force or to come. */
export async function oneEndpoint(
  session: Session,
  bookId: number,
  networks: NetworkIds,
  endpointId: string,
): Promise<EndpointRecord | null> {
  const row = await readEndpoint(session, bookId, endpointId);
  const [endpoint] = row === null ? [] : await withPrices(session, bookId, networks, [row]);
  return endpoint ?? null;
}

/** Endpoints with the prices in force or to come. */
export async function withPrices(
  session: Session,
  bookId: number,
  networks: NetworkIds,
  rows: readonly EndpointRow[],
): Promise<EndpointRecord[]> {
  const ids = rows.map((row) => row.endpoint_id);
  const prices = ids.length === 0 ? [] : await readLivePrices(session, bookId, ids);
  const records = prices.map((row) => fromDbPriceVersion(row, networks));
  return rows.map((row) => fromDbEndpoint(row, records));
}
