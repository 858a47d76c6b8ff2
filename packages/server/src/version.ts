import { readFileSync } from 'node:fs';

/** The version of this package. */
export const SERVER_VERSION = readVersion();

function readVersion(): string {
  // The same two steps up from `src` and from `dist`.
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const data: unknown = JSON.parse(text);
  if (typeof data === 'object' && data !== null && 'version' in data) {
    if (typeof data.version === 'string') return data.version;
  }
  throw new Error('package.json of @peerline/server has no version');
}
