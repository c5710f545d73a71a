import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { type HeaderFields, readHeaders } from './frame-headers.js';
import { OutboundError, type OutboundErrorCode } from './outbound-error.js';
import { translateError } from './translate-error.js';

const BODY_BUFFER_BYTES = 64 * 1024;

/** An answer whose body is still arriving; destroying `body` breaks the connection off. */
export type OutboundStream = { status: number; headers: HeaderFields; body: Readable };

/** One exchange as undici is told of it; a timeout left out never rings. */
export type ExchangeInput = {
  request: Dispatcher.DispatchOptions;
  signal: AbortSignal | undefined;
  headersTimeoutMs: number;
  totalTimeoutMs: number | undefined;
};

/** An answer that was read to its end, or as far as it was wanted. */
export type OutboundAnswer = { status: number; headers: HeaderFields; body: Uint8Array; isTruncated: boolean };

/** How much of a body is read; of a longer one the rest is left unread (`truncate`), or the call fails (`fail`). */
export type BodyCap = { maxBodyBytes: number; onTooLarge: 'truncate' | 'fail' };

/** Sends a request and resolves with the head of its answer; fails with an OutboundError, as does the body's stream. */
export function startExchange(dispatcher: Dispatcher, input: ExchangeInput): Promise<OutboundStream> {
  return new Promise((resolve, reject) => {
    new Exchange(dispatcher, input, (head, source) => streamed(head, source, resolve), reject).start();
  });
}

/** Sends a request and resolves with its answer, read whole; fails with an OutboundError. */
export function collectExchange(dispatcher: Dispatcher, input: ExchangeInput, cap: BodyCap): Promise<OutboundAnswer> {
  return new Promise((resolve, reject) => {
    new Exchange(dispatcher, input, (head, source) => collected(head, source, cap, resolve, reject), reject).start();
  });
}

type Head = Omit<OutboundStream, 'body'>;

/** Where a body comes from. */
type Source = {
  resume(): void;
  /** No more of it is wanted: the connection is broken off, unless the answer is complete. */
  leave(error: Error | null): void;
};

/** Where a body goes to. */
type Sink = {
  /** False asks for a pause, until the source is resumed. */
  push(chunk: Buffer): boolean;
  end(): void;
  fail(failure: OutboundError): void;
};

function streamed(head: Head, source: Source, resolve: (answer: OutboundStream) => void): Sink {
  const body = new Readable({
    highWaterMark: BODY_BUFFER_BYTES,
    read: () => source.resume(),
    destroy: (error, done) => {
      source.leave(error);
      done(error);
    },
  });
  // A failure may come before the caller listens; the stream keeps it and tells it to whoever reads.
  body.on('error', () => undefined);
  resolve({ ...head, body });
  return {
    push: (chunk) => body.push(chunk),
    end: () => body.push(null),
    fail: (failure) => body.destroy(failure),
  };
}

/** Without a stream: an answer of some hundred bytes costs less than the stream it would come in. */
function collected(
  head: Head,
  source: Source,
  { maxBodyBytes, onTooLarge }: BodyCap,
  resolve: (answer: OutboundAnswer) => void,
  reject: (failure: OutboundError) => void,
): Sink {
  const chunks: Uint8Array[] = [];
  let room = maxBodyBytes;
  const finish = (isTruncated: boolean) => resolve({ ...head, body: Buffer.concat(chunks), isTruncated });
  return {
    push: (chunk) => {
      chunks.push(chunk.byteLength > room ? chunk.subarray(0, room) : chunk);
      const isTooLarge = chunk.byteLength > room;
      room -= chunk.byteLength;
      if (!isTooLarge) return true;
      if (onTooLarge === 'fail') reject(new OutboundError('too_large', true));
      else finish(true);
      source.leave(null);
      return true;
    },
    end: () => finish(false),
    fail: reject,
  };
}

class Exchange implements Dispatcher.DispatchHandler {
  #controller: Dispatcher.DispatchController | undefined;
  #body: Sink | undefined;
  /** Set when undici is about to write: from then on the peer may have seen the request. */
  #isSent = false;
  #failure: OutboundError | undefined;
  #isOver = false;
  #headersTimer: NodeJS.Timeout | undefined;
  #totalTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly dispatcher: Dispatcher,
    private readonly input: ExchangeInput,
    private readonly open: (head: Head, source: Source) => Sink,
    private readonly reject: (error: OutboundError) => void,
  ) {}

  start(): void {
    const { request, signal, headersTimeoutMs, totalTimeoutMs } = this.input;
    if (signal?.aborted === true) {
      this.#fail('aborted', signal.reason);
      return;
    }
    signal?.addEventListener('abort', this.#abort);
    this.#headersTimer = setTimeout(() => this.#fail('timeout'), headersTimeoutMs);
    if (totalTimeoutMs !== undefined) this.#totalTimer = setTimeout(() => this.#fail('timeout'), totalTimeoutMs);
    // Whoever fed the body broke off (a buyer who left): that is not the peer's fault.
    if (request.body instanceof Readable) request.body.once('error', (error) => this.#fail('aborted', error));
    this.dispatcher.dispatch(request, this);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // A call that failed while it waited for a connection must never be sent, since it was reported as unsent.
    if (this.#failure === undefined) {
      this.#controller = controller;
      this.#isSent = true;
    } else {
      controller.abort(this.#failure);
    }
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    if (status < 200) return;
    clearTimeout(this.#headersTimer);
    const source = {
      resume: () => controller.resume(),
      leave: (error: Error | null) => {
        this.#end();
        // Does nothing once the answer is complete.
        controller.abort(error ?? new Error('the answer was not wanted to its end'));
      },
    };
    this.#body = this.open({ status, headers: readHeaders(controller.rawHeaders) }, source);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#body?.push(chunk) === false) controller.pause();
  }

  onResponseEnd(): void {
    this.#end();
    this.#body?.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (error instanceof OutboundError) this.#fail(error.code, error.cause);
    else this.#fail(translateError(error), error);
  }

  readonly #abort = (): void => this.#fail('aborted', this.input.signal?.reason);

  #fail(code: OutboundErrorCode, cause?: unknown): void {
    if (this.#isOver) return;
    this.#end();
    const failure = new OutboundError(code, this.#isSent, { cause });
    this.#failure = failure;
    if (this.#body === undefined) this.reject(failure);
    else this.#body.fail(failure);
    this.#controller?.abort(failure);
    if (this.input.request.body instanceof Readable) this.input.request.body.destroy();
  }

  #end(): void {
    this.#isOver = true;
    clearTimeout(this.#headersTimer);
    clearTimeout(this.#totalTimer);
    this.input.signal?.removeEventListener('abort', this.#abort);
  }
}
