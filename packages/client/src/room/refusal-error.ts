import type { JoinRefusal } from '@peerline/protocol';
import { PeerlineError } from '../base/errors.ts';

/** A server's refusal as a program meets it. */
export function refusalError({ code, message }: JoinRefusal): PeerlineError {
  switch (code) {
    case 'room-full':
      return new PeerlineError(code, 'the room is full; try later');
    case 'not-authorized':
    case 'version-unsupported':
      return new PeerlineError(code, `the server refused: ${message}`);
    default:
      return new PeerlineError('join-refused', `the server refused: ${message}`);
  }
}
