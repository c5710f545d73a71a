/**
 * Whether a request target is not spelled as a path of the gate and could be read as one all the same (A26): by its case,
 * doubled or turned slashes, dots, parameters of a segment or escapes, or because it names a host as well. Nothing is
 * served by such a spelling, so that nobody in front of the gate or behind it takes another request for the same.
 */
export function isGateInDisguise(target: string): boolean {
  if (!target.startsWith('/')) return target !== '*';
  const [path = ''] = target.split(/[?#]/, 1);
  const places: string[] = [];
  for (const segment of unescaped(path).replaceAll('\\', '/').split('/')) {
    const [name = ''] = segment.split(';', 1);
    if (name === '..') places.pop();
    else if (name !== '' && name !== '.') places.push(name);
  }
  return places[0]?.toLowerCase() === 'g' && places.length > 1 && !path.startsWith('/g/');
}

function unescaped(path: string): string {
  return path.replace(/%([0-9a-f]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
