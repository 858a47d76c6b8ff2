import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { BrowserName } from './tab.ts';

const NAMES: { readonly [B in BrowserName]: readonly string[] } = {
  chromium: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
  firefox: ['firefox-esr', 'firefox'],
};

/** Where a person says that a browser lies elsewhere. */
const VARIABLES: { readonly [B in BrowserName]: string } = {
  chromium: 'PEERLINE_CHROMIUM',
  firefox: 'PEERLINE_FIREFOX',
};

/** @throws Error that says what to install or to set */
export function findExecutable(browser: BrowserName): string {
  const told = process.env[VARIABLES[browser]];
  if (told !== undefined && told !== '') return told;
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const name of NAMES[browser]) {
    const found = folders.map((folder) => join(folder, name)).find(isExecutable);
    if (found !== undefined) return found;
  }
  throw new Error(
    `${browser} was not found; install it (Debian: apt-get install ${NAMES[browser][0]}) or set ${VARIABLES[browser]} to where it lies`,
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
