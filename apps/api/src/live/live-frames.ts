import type { LiveEvent } from './live-event.js';

export type LiveFrame = { readonly position: number; readonly text: string };

const framesMax = 500;

/** The end of a feed as it is sent, made once for all who read it. */
export class LiveFrames {
  readonly #frames: LiveFrame[] = [];
  #start: number;

  /** Begins behind a position. */
  constructor(start: number) {
    this.#start = start;
  }

  /** What an event is on the wire. */
  static textOf({ position, type, json }: LiveEvent): string {
    return `id: ${position}\nevent: ${type}\ndata: ${json}\n\n`;
  }

  /** The last position that is held. */
  get end(): number {
    return this.#frames[this.#frames.length - 1]?.position ?? this.#start;
  }

  /** Adds the next event; one that is held already is left out. */
  add(event: LiveEvent): void {
    if (event.position <= this.end) return;
    this.#frames.push({ position: event.position, text: LiveFrames.textOf(event) });
    if (this.#frames.length > framesMax) this.#start = this.#frames.shift()?.position ?? this.#start;
  }

  /** What follows a position, or null where that begins before what is held. */
  after(position: number): readonly LiveFrame[] | null {
    if (position < this.#start) return null;
    return this.#frames.filter((frame) => frame.position > position);
  }
}
