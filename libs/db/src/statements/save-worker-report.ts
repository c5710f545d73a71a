import type { Session } from '../session.js';

const statement = {
  name: 'save_worker_report',
  text: `with forgotten as (delete from worker_processes w where w.seen_at < now() - interval '1 day')
    insert into worker_processes (boot_id, seen_at, ended_at, report)
    values ($1, now(), case when $2 then now() end, $3)
    on conflict (boot_id) do update
    set seen_at = excluded.seen_at, ended_at = excluded.ended_at, report = excluded.report`,
};

/** Replaces what a worker tells of itself, and forgets those of a day ago. */
export async function saveWorkerReport(
  session: Session,
  bootId: string,
  report: Readonly<Record<string, unknown>>,
  hasEnded: boolean,
): Promise<void> {
  await session.run(statement, [bootId, hasEnded, JSON.stringify(report)]);
}
