/** Everything that the SDK throws or reports, by code. The message says what to do about it. */
export type PeerlineErrorCode =
  // joining
  | 'bad-link'
  | 'bad-options'
  | 'insecure-context'
  | 'webrtc-missing'
  | 'server-unreachable'
  | 'join-refused'
  | 'not-authorized'
  | 'token-failed'
  | 'version-unsupported'
  | 'room-full'
  | 'room-locked'
  | 'room-moved'
  | 'wrong-password'
  | 'declined'
  | 'removed'
  | 'not-host'
  | 'room-left'
  | 'aborted'
  // messages
  | 'peer-gone'
  | 'message-too-large'
  | 'bad-message'
  | 'bad-presence'
  // comparing words, and certificates
  | 'not-verified'
  | 'not-genuine'
  | 'identities-unavailable'
  // media
  | 'permission-denied'
  | 'device-not-found'
  | 'device-in-use'
  | 'device-lost'
  | 'share-cancelled'
  | 'media-unsupported'
  | 'media-failed';

export class PeerlineError extends Error {
  override readonly name = 'PeerlineError';
  readonly code: PeerlineErrorCode;

  constructor(code: PeerlineErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }

  static aborted(cause?: unknown): PeerlineError {
    return new PeerlineError('aborted', 'ended by its AbortSignal', { cause });
  }

  static roomLeft(): PeerlineError {
    return new PeerlineError('room-left', 'the room was left; join again');
  }

  static peerGone(id: string): PeerlineError {
    return new PeerlineError('peer-gone', `peer ${id} is not here; see room.peers`);
  }

  static messageTooLarge(bytes: number, maxBytes: number): PeerlineError {
    return new PeerlineError(
      'message-too-large',
      `a message of ${bytes} bytes; the receiver takes ${maxBytes}: send it in parts`,
    );
  }
}
