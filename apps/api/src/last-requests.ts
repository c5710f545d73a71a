import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { problemOf } from '@tollbook/contract';

/** A connection that has been answered is closed after this time at most. */
const sweepMs = 50;
const retryAfterSeconds = 2;

/**
 * The end of a server: nobody new is let in, whoever still asks on a kept connection is told to come again, and what runs
 * comes to its end, also where its client has left or its answer is out.
 */
export class LastRequests {
  private readonly running = new Set<Promise<void>>();
  private isEnding = false;

  /** Keeps the process until this has ended, whichever way. */
  follow<T>(work: Promise<T>): Promise<T> {
    const ended = work.then(noted, noted);
    this.running.add(ended);
    void ended.then(() => this.running.delete(ended));
    return work;
  }

  /** Answers before everybody else once the server ends. */
  standBefore(server: Server): void {
    const others = server.listeners('request');
    server.removeAllListeners('request');
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      if (this.isEnding) tellToLeave(response);
      else for (const each of others) each.call(server, request, response);
    });
  }

  /** Closes the server by `close`, which waits for its connections; resolves when nothing runs, or after `msMax`. */
  async end(server: Server, close: () => Promise<void>, msMax: number): Promise<void> {
    this.isEnding = true;
    server.close();
    // A connection whose last answer leaves now would rest open for as long as clients may keep it.
    const sweep = setInterval(() => server.closeIdleConnections(), sweepMs);
    let timer: NodeJS.Timeout | undefined;
    const givenUp = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, msMax);
    });
    try {
      // Requests on what is still connected may begin more.
      await Promise.race([close().then(() => this.ended()), givenUp]);
    } finally {
      clearInterval(sweep);
      clearTimeout(timer);
    }
  }

  /** What runs may begin more, such as a copy of a payment that waited for it. */
  private async ended(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }
}

function noted(): void {}

function tellToLeave(response: ServerResponse): void {
  const text = JSON.stringify(problemOf('stopping', 'Another process, or the next one, answers. Send the same again.'));
  response.writeHead(503, {
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'retry-after': String(retryAfterSeconds),
    connection: 'close',
  });
  response.end(text);
}
