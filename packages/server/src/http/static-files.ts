import type { Stats } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { join, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { mediaType } from './media-types.ts';

/** A file as one request wants it. */
interface Found {
  readonly path: string;
  readonly stats: Stats;
  readonly encoding?: 'br' | 'gzip';
}

/** Vite puts a hash of the content into these names, so they never change. */
const HASHED = /^\/assets\//;
const IMMUTABLE = 'public, max-age=31536000, immutable';

/** All else is asked for again each time, which costs one 304: a new build shows at once. */
const REVALIDATED = 'no-cache';

/** Prepared beside the file as `name.js.br` and `name.js.gz`. The better one first. */
const ENCODINGS = [
  { encoding: 'br', suffix: '.br' },
  { encoding: 'gzip', suffix: '.gz' },
] as const;

/**
 * Serves the files of one directory. It looks at the disk with each request and takes a file's vanishing
 * in between as not found, so that the app may be built again under a running server.
 */
export class StaticFiles {
  readonly #root: string;

  constructor(directory: string) {
    this.#root = resolve(directory);
  }

  /** Whether there is a page to show. */
  async hasIndex(): Promise<boolean> {
    return (await fileStats(join(this.#root, 'index.html'))) !== undefined;
  }

  /**
   * Answers a GET or HEAD.
   *
   * @returns false where there is no such file; nothing is sent then
   */
  async serve(
    request: IncomingMessage,
    response: ServerResponse,
    pathname: string,
    headers: OutgoingHttpHeaders,
  ): Promise<boolean> {
    const path = this.#locate(pathname);
    if (path === undefined) return false;
    const found = await find(path, request.headers['accept-encoding'] ?? '');
    if (found === undefined) return false;

    const { stats, encoding } = found;
    const etag = `W/"${stats.size.toString(36)}-${Math.floor(stats.mtimeMs).toString(36)}${encoding ?? ''}"`;
    const sent: OutgoingHttpHeaders = {
      ...headers,
      'Cache-Control': HASHED.test(pathname) ? IMMUTABLE : REVALIDATED,
      ETag: etag,
      Vary: 'Accept-Encoding',
    };
    if (matches(request.headers['if-none-match'], etag)) {
      response.writeHead(304, sent).end();
      return true;
    }
    sent['Content-Type'] = mediaType(path);
    sent['Content-Length'] = stats.size;
    if (encoding !== undefined) sent['Content-Encoding'] = encoding;
    if (request.method === 'HEAD') {
      response.writeHead(200, sent).end();
      return true;
    }
    const file = await openFile(found.path);
    if (file === undefined) return false;
    response.writeHead(200, sent);
    // Bound to the size that was announced, should the file grow meanwhile.
    const range = stats.size === 0 ? {} : { end: stats.size - 1 };
    await pipeline(file.createReadStream(range), response);
    return true;
  }

  /** The file for a URL's path; nothing for paths out of the directory and for hidden files. */
  #locate(pathname: string): string | undefined {
    let decoded: string;
    try {
      decoded = decodeURIComponent(pathname);
    } catch {
      return undefined;
    }
    if (decoded.includes('\0') || decoded.includes('\\') || /\/\./.test(decoded)) return undefined;
    const path = join(this.#root, decoded.endsWith('/') ? `${decoded}index.html` : decoded);
    return path.startsWith(this.#root + sep) ? path : undefined;
  }
}

async function find(path: string, acceptEncoding: string): Promise<Found | undefined> {
  const plain = await fileStats(path);
  if (plain === undefined) return undefined;
  for (const { encoding, suffix } of ENCODINGS) {
    if (!accepts(acceptEncoding, encoding)) continue;
    const stats = await fileStats(path + suffix);
    // One that is older than its original was made from another build.
    if (stats !== undefined && stats.mtimeMs >= plain.mtimeMs) {
      return { path: path + suffix, stats, encoding };
    }
  }
  return { path, stats: plain };
}

async function fileStats(path: string): Promise<Stats | undefined> {
  try {
    const stats = await stat(path);
    return stats.isFile() ? stats : undefined;
  } catch {
    return undefined;
  }
}

/** `Accept-Encoding` (RFC 9110 section 12.5.3), without its wildcard, which browsers do not send. */
function accepts(header: string, encoding: string): boolean {
  return header.split(',').some((part) => {
    const [name, ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    return name === encoding && !parameters.some((text) => /^q=0(\.0*)?$/.test(text));
  });
}

function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((part) => part.trim() === etag || part.trim() === '*');
}

async function openFile(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path);
  } catch {
    return undefined;
  }
}
