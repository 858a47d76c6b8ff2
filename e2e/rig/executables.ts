import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { BrowserName } from './tab.ts';

type ProgramName = BrowserName | 'turnserver' | 'faketime';

const NAMES: { readonly [P in ProgramName]: readonly string[] } = {
  chromium: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
  firefox: ['firefox-esr', 'firefox'],
  turnserver: ['turnserver'],
  faketime: ['faketime'],
};

const DEBIAN_PACKAGES: { readonly [P in ProgramName]: string } = {
  chromium: 'chromium',
  firefox: 'firefox-esr',
  turnserver: 'coturn',
  faketime: 'faketime',
};

/** Where a person says that a program lies elsewhere. */
const VARIABLES: { readonly [P in ProgramName]: string } = {
  chromium: 'PEERLINE_CHROMIUM',
  firefox: 'PEERLINE_FIREFOX',
  turnserver: 'PEERLINE_TURNSERVER',
  faketime: 'PEERLINE_FAKETIME',
};

/** @throws Error that says what to install or to set */
export function findExecutable(program: ProgramName): string {
  const told = process.env[VARIABLES[program]];
  if (told !== undefined && told !== '') return told;
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const name of NAMES[program]) {
    const found = folders.map((folder) => join(folder, name)).find(isExecutable);
    if (found !== undefined) return found;
  }
  throw new Error(
    `${program} was not found; install it (Debian: apt-get install ${DEBIAN_PACKAGES[program]}) or set ${VARIABLES[program]} to where it lies`,
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
