import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { FakeDeviceOptions } from '../page/fake-devices.ts';
import type { BrowserName, TabOptions } from './tab.ts';

/** Enough to tell a gap of a fifth of a second, and cheap to encode. */
const FRAMES_PER_SECOND = 15;

let bundled: Promise<string> | undefined;

/** What is to run in a tab before the page's own scripts. */
export async function initScript(browser: BrowserName, options: TabOptions): Promise<string> {
  const {
    participant,
    cameras = 2,
    microphones = 2,
    permission = 'granted',
    screen = 'shared',
    framesPerSecond = FRAMES_PER_SECOND,
    pictureScale = 1,
  } = options;
  const { tones = browser === 'firefox' ? 'browser' : 'oscillator' } = options;
  const rigOptions: FakeDeviceOptions = {
    participant,
    cameras,
    microphones,
    permission,
    screen,
    framesPerSecond,
    pictureScale,
    tones,
  };
  bundled ??= bundlePage('init.ts', 'iife');
  return `window.rigOptions = ${JSON.stringify(rigOptions)};\n${await bundled}`;
}

/** Bundles one of the files under `page/`, or another module, for both browsers. */
export async function bundlePage(file: string | URL, format: 'iife' | 'esm'): Promise<string> {
  const entry = typeof file === 'string' ? new URL(`../page/${file}`, import.meta.url) : file;
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    write: false,
    format,
    target: 'es2022',
    logLevel: 'error',
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error(`bundling ${entry.href} gave nothing`);
  return output.text;
}
