import { connect, type Socket } from 'node:net';

/** What came back, as far as a fuzzer looks. */
export type LaneAnswer = { readonly status: number; readonly body: string };

/**
 * One connection to a server over which requests go one after another, with whatever header lines a test wants. It costs
 * a tenth of what the runtime's own client does, which would else be most of what a fuzzer measures.
 */
export class RawLane {
  private socket: Socket | undefined;
  private text = '';
  private waiting: { resolve: (answer: LaneAnswer) => void; reject: (error: Error) => void } | undefined;

  constructor(private readonly url: URL) {}

  /** Names in turn with values. */
  ask(headers: readonly string[]): Promise<LaneAnswer> {
    const lines = [`GET ${this.url.pathname} HTTP/1.1`, `Host: ${this.url.host}`];
    for (let at = 0; at < headers.length; at += 2) lines.push(`${headers[at]}: ${headers[at + 1]}`);
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.socket ??= this.open();
      this.socket.write(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
    });
  }

  close(): void {
    this.socket?.destroy();
  }

  private open(): Socket {
    const socket = connect(Number(this.url.port), this.url.hostname);
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => this.take(chunk));
    socket.on('error', (error) => this.lose(socket, error));
    socket.on('close', () => this.lose(socket, new Error(`the connection closed after ${this.text.slice(0, 200)}`)));
    return socket;
  }

  private take(chunk: string): void {
    this.text += chunk;
    const headEnd = this.text.indexOf('\r\n\r\n');
    if (headEnd === -1) return;
    const head = this.text.slice(0, headEnd);
    const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
    const bodyEnd = headEnd + 4 + Number(length);
    if (length === undefined || this.text.length < bodyEnd) return;
    const answer = { status: Number(head.slice(9, 12)), body: this.text.slice(headEnd + 4, bodyEnd) };
    this.text = '';
    // Whoever says so closes it, and the next request must not meet that.
    if (/\r\nconnection: close/i.test(head)) {
      this.socket?.destroy();
      this.socket = undefined;
    }
    const { waiting } = this;
    this.waiting = undefined;
    waiting?.resolve(answer);
  }

  private lose(socket: Socket, error: Error): void {
    if (this.socket !== socket) return;
    this.socket = undefined;
    this.text = '';
    const { waiting } = this;
    this.waiting = undefined;
    waiting?.reject(error);
  }
}
