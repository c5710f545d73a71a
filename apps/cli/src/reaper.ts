/**
 * A process of its own that outlives the supervisor by a moment: it reads orders from a pipe that the supervisor alone
 * holds open, and carries out the last one when that pipe ends, however the supervisor did.
 */
import { reap } from './reaper/reap.js';
import { lastOrder, nothingToReap, type ReaperOrder } from './reaper/reaper-order.js';

let order: ReaperOrder = nothingToReap;
let unread = '';

// Everybody else may be signalled as a group; the reaper ends when its pipe does.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => undefined);

process.stdin.setEncoding('utf8');
process.stdin.on('data', (chunk: string) => {
  unread += chunk;
  order = lastOrder(unread) ?? order;
  unread = unread.slice(unread.lastIndexOf('\n') + 1);
});
process.stdin.on('error', () => undefined);
process.stdin.once('close', () => {
  void reap(order).finally(() => process.exit(0));
});
