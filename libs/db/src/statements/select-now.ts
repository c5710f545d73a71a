import type { Session } from '../session.js';

const statement = {
  name: 'select_now',
  text: 'select floor(extract(epoch from now()) * 1000)::bigint as now_ms',
};

/** The database's clock, unix milliseconds. */
export async function selectNow(session: Session): Promise<number> {
  const { rows } = await session.run<{ now_ms: bigint }>(statement);
  return Number(rows[0]?.now_ms);
}
