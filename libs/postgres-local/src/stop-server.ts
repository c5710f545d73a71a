/** How a server process ended; both are null for one that we did not start ourselves. */
export interface ServerEnd {
  code: number | null;
  signal: string | null;
}

/** A running server process, whoever started it; `sendSignal` does nothing once it has ended. */
export interface ServerProcess {
  pid: number;
  exited: Promise<ServerEnd>;
  sendSignal: (signal: 'SIGINT' | 'SIGQUIT' | 'SIGKILL') => void;
}

/**
 * Ends a server and waits for that: SIGINT (a clean fast shutdown), SIGQUIT after 8 s (stops at once, recovers at the
 * next start), SIGKILL if even that is not obeyed.
 */
export async function stopServer(
  server: ServerProcess,
  delays: { quitAfterMs: number; killAfterMs: number } = { quitAfterMs: 8_000, killAfterMs: 15_000 },
): Promise<void> {
  server.sendSignal('SIGINT');
  const quitTimer = setTimeout(() => server.sendSignal('SIGQUIT'), delays.quitAfterMs);
  const killTimer = setTimeout(() => server.sendSignal('SIGKILL'), delays.killAfterMs);
  await server.exited;
  clearTimeout(quitTimer);
  clearTimeout(killTimer);
}
