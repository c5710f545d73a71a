/** What paid requests and their answers may hold in the memory of one process. */
const heldBytesMax = 256 * 1024 * 1024;

/** Counts the bytes that one request holds, and gives them all back at once. */
export type Hold = { readonly add: (bytes: number) => void; readonly release: () => void };

/** Counts what all paid requests of a process hold; a full one takes no more of them. */
export class HeldBytes {
  private held = 0;

  constructor(private readonly max = heldBytesMax) {}

  /** Whether so many more bytes may be taken in. */
  hasRoomFor(bytes: number): boolean {
    return this.held + bytes < this.max;
  }

  open(): Hold {
    let own = 0;
    return {
      add: (bytes) => {
        own += bytes;
        this.held += bytes;
      },
      release: () => {
        this.held -= own;
        own = 0;
      },
    };
  }
}
