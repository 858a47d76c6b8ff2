import type { LocalMedia, LocalSourceState } from '../api.ts';
import { PeerlineError } from '../base/errors.ts';

/** Stands in where a program sends no media of its own, and spares it the code that would. */
export function createNoMedia(): LocalMedia {
  const state: LocalSourceState = { status: 'off' };
  const enable = (): Promise<never> =>
    Promise.reject(new PeerlineError('media-unsupported', 'no media here; join with `peerline`'));
  // Nothing ever happens, so there is nothing to listen to.
  const quiet = { on: () => () => undefined };
  const off = { ...quiet, state, enable, disable: () => undefined };
  return {
    ...quiet,
    camera: { ...off, source: 'camera' },
    microphone: { ...off, source: 'microphone' },
    screen: { ...off, source: 'screen', audioTrack: undefined },
    devices: [],
    refreshDevices: enable,
    track: () => undefined,
    close: () => undefined,
  };
}
