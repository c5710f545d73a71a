import { closeSync, fstatSync, openSync, readSync, renameSync, statSync } from 'node:fs';

/** Older output is set aside (one generation) at a start that finds more than this. */
const logBytesMax = 10 * 1024 * 1024;
const followIntervalMs = 250;
const followBytesMax = 64 * 1024;
const followLinesMax = 100;
const lineLengthMax = 2_000;
const tailBytesMax = 16 * 1024;
const tailLinesMax = 20;

/** Opens the log for a server to append to; `fromByte` is where this server's output begins. The caller closes it. */
export function openServerLog(logFile: string): { descriptor: number; fromByte: number } {
  const size = serverLogSize(logFile);
  if (size > logBytesMax) renameSync(logFile, `${logFile}.old`);
  const descriptor = openSync(logFile, 'a', 0o600);
  return { descriptor, fromByte: fstatSync(descriptor).size };
}

/** Returns the size of the log in bytes, 0 when there is none. */
export function serverLogSize(logFile: string): number {
  return statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
}

/** Returns the last lines written since `fromByte`, shortened, with the secrets replaced should they occur. */
export function readLogTail(logFile: string, fromByte: number, secrets: readonly string[]): string[] {
  const size = serverLogSize(logFile);
  const text = readBytes(logFile, Math.max(fromByte, size - tailBytesMax), tailBytesMax).toString('utf8');
  return secrets
    .reduce((redacted, secret) => redacted.replaceAll(secret, '***'), text)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-tailLinesMax)
    .map(shorten);
}

/**
 * Passes each new line of the log on, at most 100 lines or 64 KiB per quarter second; what is above that is counted,
 * not passed on. Does not keep the process alive. Returns a function that passes on what is left and ends it.
 */
export function followServerLog(logFile: string, fromByte: number, onLine: (line: string) => void): () => void {
  let position = fromByte;
  let unfinished = '';
  const readMore = () => {
    const size = serverLogSize(logFile);
    if (size < position) position = 0;
    if (size === position) return;
    const bytes = readBytes(logFile, position, followBytesMax);
    const skippedBytes = Math.max(0, size - position - bytes.length);
    position += bytes.length + skippedBytes;
    const lines = (unfinished + bytes.toString('utf8')).split('\n');
    unfinished = skippedBytes > 0 ? '' : (lines.pop() ?? '').slice(0, lineLengthMax);
    for (const line of lines.slice(0, followLinesMax)) if (line.trim() !== '') onLine(shorten(line));
    if (skippedBytes > 0 || lines.length > followLinesMax) onLine(`(more lines in ${logFile})`);
  };
  const timer = setInterval(readMore, followIntervalMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    readMore();
  };
}

function shorten(line: string): string {
  return line.length > lineLengthMax ? `${line.slice(0, lineLengthMax)}…` : line;
}

function readBytes(file: string, position: number, bytesMax: number): Buffer {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    const buffer = Buffer.alloc(bytesMax);
    return buffer.subarray(0, readSync(descriptor, buffer, 0, bytesMax, position));
  } catch {
    // The log is an aid; that it was removed or cannot be read must not stop anything.
    return Buffer.alloc(0);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
