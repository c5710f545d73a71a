import { assert, fromComparedRecord } from '@tollbook/domain';
import type { RefusalRecord } from '@tollbook/usecases';
import { fromDbHexOrNull, fromDbJson } from './column.mapping.js';

export type RefusalRow = {
  readonly refusal_sample_id: string;
  readonly endpoint_id: string;
  readonly reason: string;
  readonly client: string;
  readonly x402_version: number;
  readonly payer: Uint8Array | null;
  readonly intent_id: string | null;
  readonly evidence: unknown;
  readonly created_at: Date;
};

export function fromDbRefusal(row: RefusalRow): RefusalRecord {
  const { x402_version: x402Version } = row;
  assert(x402Version === 0 || x402Version === 1 || x402Version === 2, 'two versions are spoken, or none');
  const { compared, detail, agent } = fromDbJson(row.evidence) ?? {};
  return {
    refusalId: row.refusal_sample_id,
    endpointId: row.endpoint_id,
    reason: row.reason,
    client: row.client,
    x402Version,
    payer: fromDbHexOrNull(row.payer),
    intentId: row.intent_id,
    compared: fromComparedRecord(compared),
    detail: typeof detail === 'string' ? detail : null,
    agent: typeof agent === 'string' ? agent : null,
    atMs: row.created_at.getTime(),
  };
}
