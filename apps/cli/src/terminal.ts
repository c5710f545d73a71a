/** Where a command speaks: `print` is its result (stdout), `say` goes beside it (stderr). */
export type Terminal = {
  readonly print: (line: string) => void;
  readonly say: (line: string) => void;
};

/** What may wait in memory for somebody who does not read. */
const queuedBytesMax = 4 * 1024 * 1024;

/** This process's streams. Whoever reads them may stop reading, or go away, without stopping or ending us. */
export function processTerminal(): Terminal {
  return { print: lineWriter(process.stdout), say: lineWriter(process.stderr) };
}

/** Writes lines, leaving out those that nobody would read in time, and says how many once somebody reads again. */
export function lineWriter(stream: NodeJS.WritableStream & { readonly writableLength: number }): Terminal['say'] {
  let leftOut = 0;
  stream.on('error', () => undefined);
  return (line) => {
    if (stream.writableLength > queuedBytesMax) {
      leftOut += 1;
      return;
    }
    if (leftOut > 0) stream.write(`(${leftOut} lines were left out: nobody read them)\n`);
    leftOut = 0;
    stream.write(`${line}\n`);
  };
}
