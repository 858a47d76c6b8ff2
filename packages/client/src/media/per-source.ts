import type { Source } from '@peerline/protocol';

/** The same for each of the sources. */
export function perSource<T>(make: (source: Source) => T): { readonly [S in Source]: T } {
  return {
    microphone: make('microphone'),
    camera: make('camera'),
    screen: make('screen'),
    screenAudio: make('screenAudio'),
  };
}
