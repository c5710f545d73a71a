// What a benchmark started is ended with it, also when it is told to end in the middle.

const endings = new Set();

/** Runs `end` when the benchmark is ended by a signal; the one that is returned runs it now, and once. */
export function onEnd(end) {
  let ended;
  const once = () => {
    endings.delete(once);
    ended ??= end();
    return ended;
  };
  endings.add(once);
  return once;
}

/** Ends everything on a signal, or on an error that nobody caught: in the reverse order of the starts, a database last. */
export function endOnSignals() {
  const endAll = async () => {
    for (const end of [...endings].reverse()) await Promise.resolve(end()).catch(console.error);
    process.exit(1);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, endAll);
  process.once('uncaughtException', (error) => {
    console.error(error);
    void endAll();
  });
}
