import type { Session } from '../session.js';

/** What a node was asked in the running month. */
export type RpcUsageRow = {
  readonly network_id: number;
  readonly node: string;
  readonly requests: bigint;
  readonly calls: bigint;
  readonly created_at: Date;
};

const add = {
  name: 'add_rpc_usage',
  text: `insert into rpc_usage as r (network_id, node, month, requests, calls)
    select u.network_id, u.node, date_trunc('month', now() at time zone 'utc')::date, u.requests, u.calls
    from unnest($1::smallint[], $2::text[], $3::bigint[], $4::bigint[]) as u (network_id, node, requests, calls)
    on conflict (network_id, node, month)
      do update set requests = r.requests + excluded.requests, calls = r.calls + excluded.calls`,
};

const select = {
  name: 'select_rpc_usage',
  text: `select r.network_id, r.node, r.requests, r.calls, r.created_at from rpc_usage r
    where r.month = date_trunc('month', now() at time zone 'utc')::date
    order by r.network_id, r.node`,
};

type Usage = {
  readonly networkId: number;
  readonly node: string;
  readonly requests: number;
  readonly calls: number;
};

/** Adds to the running month; in one order, so that two processes never wait for one another. */
export async function addRpcUsage(session: Session, usages: readonly Usage[]): Promise<void> {
  const sorted = [...usages].sort((a, b) => a.networkId - b.networkId || (a.node < b.node ? -1 : 1));
  await session.run(add, [
    sorted.map(({ networkId }) => networkId),
    sorted.map(({ node }) => node),
    sorted.map(({ requests }) => requests),
    sorted.map(({ calls }) => calls),
  ]);
}

/** The running month of every node. */
export async function selectRpcUsage(session: Session): Promise<RpcUsageRow[]> {
  return (await session.run<RpcUsageRow>(select)).rows;
}
