import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** One file as it is sent, in both forms. */
export type StaticFile = {
  readonly contentType: string;
  readonly etag: string;
  readonly body: Buffer;
  /** Null where packing would not pay. */
  readonly packed: Buffer | null;
};

const pack = promisify(gzip);
const packedBytesMin = 1_024;

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};
const packedTypes = ['.html', '.js', '.css', '.json', '.svg', '.txt'];

/**
 * The files of a built folder, in memory, by path. Only what was listed at loading is ever served, so no path of a
 * request reaches the file system; a newer build is noticed by its index. Files of other kinds, and hidden ones, are not
 * there.
 */
export class StaticFiles {
  #loaded: Promise<ReadonlyMap<string, StaticFile>> | undefined;
  #indexMs = 0;

  constructor(private readonly folder: string) {}

  /** The file at a path such as `/assets/a.js`; null where there is none. */
  async find(path: string): Promise<StaticFile | null> {
    this.#loaded ??= this.#load();
    const files = await this.#loaded.catch((error: unknown) => {
      // A build that is being written is read again, not remembered as broken.
      this.#loaded = undefined;
      this.#indexMs = 0;
      throw error;
    });
    return files.get(path) ?? null;
  }

  /** The page that stands for every path of the application; null where nothing is built. */
  async index(): Promise<StaticFile | null> {
    const builtMs = await modifiedMs(join(this.folder, indexName));
    if (builtMs === null) return null;
    if (builtMs !== this.#indexMs) {
      this.#indexMs = builtMs;
      this.#loaded = this.#load();
    }
    return this.find(`/${indexName}`);
  }

  async #load(): Promise<ReadonlyMap<string, StaticFile>> {
    const names = await readdir(this.folder, { recursive: true }).catch(() => []);
    const paths = names.map((name) => name.replaceAll('\\', '/')).filter((path) => !/(^|\/)\./.test(path));
    const files = new Map<string, StaticFile>();
    for (const path of paths) {
      const contentType = contentTypes[extname(path)];
      if (contentType !== undefined) files.set(`/${path}`, await readStaticFile(join(this.folder, path), contentType));
    }
    return files;
  }
}

const indexName = 'index.html';

async function modifiedMs(file: string): Promise<number | null> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => null,
  );
}

async function readStaticFile(file: string, contentType: string): Promise<StaticFile> {
  const body = await readFile(file);
  const isPacked = packedTypes.includes(extname(file)) && body.byteLength >= packedBytesMin;
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  return { contentType, etag, body, packed: isPacked ? await pack(body) : null };
}
