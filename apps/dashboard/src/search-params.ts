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
      const given = raw[key];
      if (given === undefined) continue;
      const parsed = schema.safeParse(given);
      // Set even where it is undefined: the router lays this over the raw address, which would come through.
      kept[key] = parsed.success ? parsed.data : undefined;
      const values = [kept[key]].flat();
      for (const value of [given].flat()) if (!values.includes(value)) tellDropped(key, String(value));
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

/** One value or several under the same key; those that are broken are left out, and none is as if the key were not there. */
export function severalOf<Item extends z.ZodType>(item: Item) {
  return z.preprocess((value) => {
    const known = [value].flat().filter((one) => item.safeParse(one).success);
    return known.length === 0 ? undefined : known;
  }, z.array(item).optional());
}
