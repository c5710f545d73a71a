import { notifications } from '@mantine/notifications';
import { z } from 'zod';

type RawSearch = Record<string, string | string[]>;

/** `?status=a&status=b` and the like: text, and a list where a key is repeated. */
export function parseSearch(text: string): RawSearch {
  const search: RawSearch = {};
  for (const [key, value] of new URLSearchParams(text)) {
    const before = search[key];
    search[key] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  return search;
}

/** The way back. Values that are not there are left out, so a default address is a short one. */
export function stringifySearch(search: Record<string, unknown>): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null && one !== '') parameters.append(key, String(one));
    }
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

/** Checks an address against a page's schema: what is unknown or broken is dropped with a notice, never a blank page. */
export function searchOf<Shape extends z.ZodRawShape>(shape: Shape) {
  const entries = Object.entries(shape) as [string, z.ZodType][];
  return (raw: Record<string, unknown>): z.infer<z.ZodObject<Shape>> => {
    const kept: Record<string, unknown> = {};
    for (const [key, schema] of entries) {
      const parsed = schema.safeParse(raw[key]);
      if (parsed.success && parsed.data !== undefined) kept[key] = parsed.data;
      else if (raw[key] !== undefined) tellDropped(key, String(raw[key]));
    }
    return kept as z.infer<z.ZodObject<Shape>>;
  };
}

const told = new Set<string>();

function tellDropped(key: string, value: string): void {
  const id = `${key}=${value}`;
  if (told.has(id)) return;
  told.add(id);
  notifications.show({ id, title: 'Part of the address was ignored', message: `“${id}” is not understood here.` });
}

/** One value or several under the same key. */
export function severalOf<Item extends z.ZodType>(item: Item) {
  return z.preprocess((value) => (value === undefined ? undefined : [value].flat()), z.array(item).min(1).optional());
}
