/** Whether an `Accept` header asks for JSON rather than for a page: it names JSON, and HTML not or less. */
export function wantsJson(accept: string | undefined): boolean {
  const ranges = (accept ?? '').split(',').map(readRange);
  const qualityOf = (isMeant: (type: string) => boolean) =>
    Math.max(0, ...ranges.filter(({ type }) => isMeant(type)).map(({ quality }) => quality));
  const json = qualityOf((type) => type === 'application/json' || type === 'application/problem+json');
  return json > 0 && json > qualityOf((type) => type === 'text/html' || type === 'application/xhtml+xml');
}

function readRange(text: string): { readonly type: string; readonly quality: number } {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  return { type, quality: quality === undefined ? 1 : Number(quality) || 0 };
}
