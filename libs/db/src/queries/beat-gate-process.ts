import type { Session } from '../session.js';

const statement = {
  name: 'beat_gate_process',
  text: `insert into gate_processes (boot_id, seen_at) values ($1, now())
    on conflict (boot_id) do update set seen_at = excluded.seen_at`,
};

/** Stamps a process as alive, by the database's clock. */
export async function beatGateProcess(session: Session, bootId: string): Promise<void> {
  await session.run(statement, [bootId]);
}
