import type { ChallengeHole, ChallengePiece, ChallengeValues } from './challenge-template.js';

/** Fixed text shorter than this is encoded with its neighbours; encoding it apart would save nothing. */
const fixedBytesMin = 48;

type Segment = { readonly base64: string } | { readonly pieces: readonly ChallengePiece[] };

/**
 * Compiles pieces to a function that fills the holes and gives the base64 of the result. What is fixed is encoded once:
 * base64 turns every three bytes into four characters, so fixed text is cut where a triple begins, as long as each hole
 * takes a value of the length that it took in `sample`. Null for values of other lengths: encode those as a whole.
 */
export function compileBase64(
  pieces: readonly ChallengePiece[],
  sample: ChallengeValues,
): (values: ChallengeValues) => string | null {
  const holes = [...new Set(pieces.flatMap((piece) => (typeof piece === 'string' ? [] : [piece.hole])))];
  const segments = segmentsOf(joined(pieces), sample);
  return (values) => {
    for (const hole of holes) if (values[hole].length !== sample[hole].length) return null;
    let text = '';
    for (const segment of segments) {
      text += 'base64' in segment ? segment.base64 : encoded(filled(segment.pieces, values));
    }
    return text;
  };
}

function segmentsOf(pieces: readonly ChallengePiece[], sample: ChallengeValues): Segment[] {
  const segments: Segment[] = [];
  let open: ChallengePiece[] = [];
  let openBytes = 0;
  for (const piece of pieces) {
    if (typeof piece !== 'string' || Buffer.byteLength(piece) < fixedBytesMin || !isAscii(piece)) {
      open.push(piece);
      openBytes += Buffer.byteLength(typeof piece === 'string' ? piece : sample[piece.hole]);
      continue;
    }
    const before = (3 - (openBytes % 3)) % 3;
    const whole = before + Math.floor((piece.length - before) / 3) * 3;
    segments.push({ pieces: [...open, piece.slice(0, before)] });
    segments.push({ base64: Buffer.from(piece.slice(before, whole), 'latin1').toString('base64') });
    open = [piece.slice(whole)];
    openBytes = piece.length - whole;
  }
  segments.push({ pieces: open });
  return segments;
}

/** Neighbouring texts as one. */
function joined(pieces: readonly ChallengePiece[]): ChallengePiece[] {
  const result: ChallengePiece[] = [];
  for (const piece of pieces) {
    const last = result[result.length - 1];
    if (typeof piece === 'string' && typeof last === 'string') result[result.length - 1] = last + piece;
    else result.push(piece);
  }
  return result;
}

function filled(pieces: readonly ChallengePiece[], values: ChallengeValues): string {
  let text = '';
  for (const piece of pieces) text += typeof piece === 'string' ? piece : values[piece.hole];
  return text;
}

const scratch = Buffer.alloc(8_192);

/** Base64 of a text's UTF-8. A buffer for every short text would cost as much as encoding it. */
function encoded(text: string): string {
  if (text.length * 3 > scratch.length) return Buffer.from(text, 'utf8').toString('base64');
  return scratch.toString('base64', 0, scratch.write(text, 'utf8'));
}

function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length;
}

/** The same pieces with some holes filled for good. */
export function fillFixed(
  pieces: readonly ChallengePiece[],
  fixed: Partial<Record<ChallengeHole, string>>,
): ChallengePiece[] {
  return pieces.map((piece) => (typeof piece === 'string' ? piece : (fixed[piece.hole] ?? piece)));
}
