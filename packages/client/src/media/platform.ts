import { PeerlineError } from '../base/errors.ts';
import type { Device } from '../api.ts';

/** What of the browser the capture of media uses; tests hand in their own. */
export interface MediaPlatform {
  /** Whether the page may capture at all: https://, or localhost. */
  readonly secure: boolean;
  /** Whether the page's permissions policy lets it capture the screen. */
  readonly displayAllowed: boolean;
  /**
   * Opens devices, asking the person where needed.
   *
   * @throws the browser's DOMException, or PeerlineError `media-unsupported` where there is none to ask
   */
  getUserMedia(constraints: MediaStreamConstraints): Promise<readonly MediaStreamTrack[]>;
  /** The same for a screen, window or tab. */
  getDisplayMedia(options: DisplayMediaStreamOptions): Promise<readonly MediaStreamTrack[]>;
  /** Empty where the browser tells none. */
  enumerateDevices(): Promise<readonly Device[]>;
  /** @returns a function that ends the listening */
  onDeviceChange(listener: () => void): () => void;
  streamOf(track: MediaStreamTrack): MediaStream;
}

/** Chromium alone tells a page its own permissions policy. */
interface PolicyDocument {
  /** Every document has one; named for the compiler, which wants something in common. */
  readonly visibilityState?: string;
  readonly featurePolicy?: { allowsFeature(feature: string): boolean };
}

/** The parts of a browser's global object that are looked for, each of which may be missing. */
interface BrowserGlobals {
  readonly isSecureContext?: boolean;
  readonly navigator?: { readonly mediaDevices?: Partial<MediaDevices> };
  readonly document?: PolicyDocument;
}

/**
 * The browser's own. Nothing is touched before it is used, so it can be made anywhere; in a program
 * without a browser, opening something then fails with `media-unsupported`.
 */
export function browserPlatform(globals: BrowserGlobals = globalThis): MediaPlatform {
  const media = (): Partial<MediaDevices> | undefined => globals.navigator?.mediaDevices;
  return {
    get secure() {
      return globals.isSecureContext !== false;
    },
    get displayAllowed() {
      return globals.document?.featurePolicy?.allowsFeature('display-capture') !== false;
    },
    async getUserMedia(constraints) {
      const stream = await media()?.getUserMedia?.(constraints);
      return stream?.getTracks() ?? missing();
    },
    async getDisplayMedia(options) {
      const stream = await media()?.getDisplayMedia?.(options);
      return stream?.getTracks() ?? missing();
    },
    async enumerateDevices() {
      const infos = (await media()?.enumerateDevices?.()) ?? [];
      return infos.map(({ deviceId, kind, label }) => ({ id: deviceId, kind, label }));
    },
    onDeviceChange(listener) {
      media()?.addEventListener?.('devicechange', listener);
      return () => media()?.removeEventListener?.('devicechange', listener);
    },
    streamOf: (track) => new MediaStream([track]),
  };
}

function missing(): never {
  throw new PeerlineError('media-unsupported', 'no capture of media here; use a current browser');
}
