import { PeerlineError } from '../base/errors.ts';
import type { Refusal } from '../signaling/signaling.ts';

/** A server's refusal as a program meets it. */
export function refusalError({ code, message }: Refusal): PeerlineError {
  switch (code) {
    case 'room-full':
      return new PeerlineError(code, 'the room is full; try later');
    case 'wrong-password':
    case 'room-locked':
    case 'room-moved':
    case 'declined':
    case 'removed':
      return new PeerlineError(code, message);
    case 'not-authorized':
    case 'version-unsupported':
      return new PeerlineError(code, `the server refused: ${message}`);
    default:
      return new PeerlineError('join-refused', `the server refused: ${message}`);
  }
}

export function notHost(): PeerlineError {
  return new PeerlineError('not-host', 'only the host may do that; see admission.host');
}

export function noServer(): PeerlineError {
  return new PeerlineError('server-unreachable', 'the server does not answer; try again');
}
