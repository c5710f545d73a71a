import type { AnswerStream } from './ports/upstream.js';

/** An answer on its way to the buyer, of which a copy is kept as long as it is small enough to be stored. */
export class KeptStream implements AnswerStream {
  private copy: Uint8Array[] | null = [];
  private bytes = 0;
  private isComplete = false;
  /** Whether the upstream broke off within its answer. */
  isBroken = false;

  constructor(
    private readonly source: AnswerStream,
    private readonly keptBytesMax: number,
  ) {}

  async next(): Promise<Uint8Array | null> {
    try {
      const piece = await this.source.next();
      if (piece === null) this.isComplete = true;
      else this.keep(piece);
      return piece;
    } catch (error) {
      this.isBroken = true;
      throw error;
    }
  }

  cancel(): void {
    this.source.cancel();
  }

  /** Reads what nobody reads any more, as far as it can be kept; gives the whole body, or null where it is not. */
  async finish(): Promise<Uint8Array | null> {
    try {
      while (!this.isComplete && !this.isBroken && this.copy !== null) await this.next();
    } catch {
      // The flag tells it.
    }
    if (!this.isComplete) this.cancel();
    return this.isComplete && this.copy !== null ? concat(this.copy, this.bytes) : null;
  }

  private keep(piece: Uint8Array): void {
    this.bytes += piece.length;
    if (this.bytes > this.keptBytesMax) this.copy = null;
    else this.copy?.push(piece);
  }
}

function concat(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
