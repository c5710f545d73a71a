const mebibyte = 1024 * 1024;

/** Bytes as a form shows them: in mebibytes; empty where nothing is set. */
export function mebibytesOf(bytes: number | null): number | string {
  return bytes === null ? '' : Math.round((bytes / mebibyte) * 1_000) / 1_000;
}

/** What was typed, as whole bytes; null where nothing was. */
export function bytesOf(mebibytes: number | string): number | null {
  return mebibytes === '' ? null : Math.round(Number(mebibytes) * mebibyte);
}
