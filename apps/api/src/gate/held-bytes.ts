/** What paid requests and their answers may hold in the memory of one process. */
const heldBytesMax = 256 * 1024 * 1024;

/** Counts the bytes that one request holds, and gives them all back at once. */
export type Hold = {
  /** Takes so many bytes in; false, and nothing counted, where the process is full. */
  readonly take: (bytes: number) => boolean;
  readonly release: () => void;
};

/** Counts what all paid requests of a process hold; a full one takes no more of them. */
export class HeldBytes {
  private held = 0;
  private heldMost = 0;

  constructor(private readonly max = heldBytesMax) {}

  /** Whether so many more bytes may be taken in. */
  hasRoomFor(bytes: number): boolean {
    return this.held + bytes < this.max;
  }

  /** What is held now. */
  get now(): number {
    return this.held;
  }

  /** The most that was held since this was last asked. */
  takeMost(): number {
    const most = this.heldMost;
    this.heldMost = this.held;
    return most;
  }

  open(): Hold {
    let own = 0;
    return {
      take: (bytes) => {
        if (this.held + bytes > this.max) return false;
        own += bytes;
        this.held += bytes;
        this.heldMost = Math.max(this.heldMost, this.held);
        return true;
      },
      release: () => {
        this.held -= own;
        own = 0;
      },
    };
  }
}
