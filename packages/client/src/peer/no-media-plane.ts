import type { NegotiatedSource } from '../api.ts';
import { perSource } from '../media/per-source.ts';
import type { MediaPlane, PairMedia } from './media-plane.ts';

const REFUSED: NegotiatedSource = {
  send: 'refused-here',
  receive: 'refused-here',
  codecs: [],
  maxBitrate: undefined,
};

const nothing = (): void => undefined;

/** All that a pair has of media where a program only sends data. */
const NO_MEDIA: PairMedia = {
  tracks: new Map(),
  negotiated: perSource(() => REFUSED),
  prepare: () => Promise.resolve(),
  useDescription: ({ sdp }) => sdp,
  agreed: nothing,
  useMedia: nothing,
  useView: nothing,
  channelOpened: nothing,
  localChanged: nothing,
  flows: nothing,
  stalled: nothing,
  pause: nothing,
  refresh: nothing,
  close: nothing,
};

/** For programs that only send data: no m-line but that of the channels, and nothing taken. */
export const noMediaPlane: MediaPlane = {
  terms: perSource(() => ({ receive: false })),
  prefer: nothing,
  createPair: () => NO_MEDIA,
  pressure: { status: 'nominal' },
  on: () => nothing,
};
