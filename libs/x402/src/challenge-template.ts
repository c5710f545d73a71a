/** What differs from one 402 to the next; each value is the JSON text that takes the hole's place. */
export type ChallengeValues = Readonly<Record<ChallengeHole, string>>;
export type ChallengeHole = 'error' | 'resourceUrl' | 'invoiceId' | 'paymentId' | 'expiresAt';

/** A stretch of JSON text, or a hole in it. */
export type ChallengePiece = string | { readonly hole: ChallengeHole };

/** JSON text of an object whose member values are pieces. */
export function objectPieces(members: Readonly<Record<string, readonly ChallengePiece[]>>): ChallengePiece[] {
  const pieces = Object.entries(members).flatMap(([key, value], at) => [
    `${at === 0 ? '' : ','}${JSON.stringify(key)}:`,
    ...value,
  ]);
  return ['{', ...pieces, '}'];
}

/** JSON text of a list. */
export function listPieces(items: readonly (readonly ChallengePiece[])[]): ChallengePiece[] {
  return ['[', ...items.flatMap((item, at) => (at === 0 ? item : [',', ...item])), ']'];
}

/** Compiles pieces to a function that fills the holes: everything fixed is serialized once, here. */
export function compileTemplate(pieces: readonly ChallengePiece[]): (values: ChallengeValues) => string {
  const texts = [''];
  const holes: ChallengeHole[] = [];
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      texts[texts.length - 1] += piece;
    } else {
      holes.push(piece.hole);
      texts.push('');
    }
  }
  return (values) => {
    let text = texts[0] ?? '';
    for (let at = 0; at < holes.length; at += 1) {
      const hole = holes[at];
      if (hole !== undefined) text += values[hole] + texts[at + 1];
    }
    return text;
  };
}
