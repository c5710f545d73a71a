import type { ServerProcess } from './stop-server.js';

const servers = new Set<ServerProcess>();

/**
 * Tells the server to stop when this process exits by itself (also by an uncaught error), so that none is left behind
 * unless we are killed; then the next start adopts it.
 */
export function stopOnExit(server: ServerProcess): void {
  if (servers.size === 0) process.on('exit', stopAll);
  servers.add(server);
  void server.exited.then(() => {
    servers.delete(server);
    if (servers.size === 0) process.off('exit', stopAll);
  });
}

function stopAll(): void {
  for (const server of servers) server.sendSignal('SIGINT');
}
