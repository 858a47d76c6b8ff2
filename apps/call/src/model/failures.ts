import { PeerlineError, type PeerlineErrorCode } from 'peerline';

/** The code of an error of the SDK; undefined for anything else that was thrown. */
export function errorCode(error: unknown): PeerlineErrorCode | undefined {
  return error instanceof PeerlineError ? error.code : undefined;
}

/** Why joining did not work, in words, and what the person can do about it. */
export interface JoinProblem {
  readonly code: PeerlineErrorCode | 'unexpected';
  readonly title: string;
  readonly body: string;
  readonly action: 'retry' | 'ask-again' | 'reload' | 'home' | 'none';
}

export function joinProblem(error: unknown): JoinProblem {
  const code = errorCode(error) ?? 'unexpected';
  switch (code) {
    case 'room-full':
      return {
        code,
        title: 'This call is full',
        body: 'Wait until someone leaves, then try again.',
        action: 'retry',
      };
    case 'declined':
      return {
        code,
        title: 'You were not let in',
        body: 'Someone in the call declined. You can ask once more, or get in touch another way.',
        action: 'ask-again',
      };
    case 'room-locked':
      return {
        code,
        title: 'This call is closed to newcomers',
        body: 'Whoever hosts it lets nobody new in. Ask them to open it, then try again.',
        action: 'retry',
      };
    case 'room-moved':
      return {
        code,
        title: 'This link no longer works',
        body: 'The call has a new link. Ask someone who is in it to send it to you.',
        action: 'home',
      };
    case 'removed':
      return {
        code,
        title: 'You were removed from the call',
        body: 'The host removed you, and the call has a new link now. This one leads nowhere any more.',
        action: 'home',
      };
    case 'server-unreachable':
      return {
        code,
        title: 'The server can’t be reached',
        body: 'Check your internet connection, then try again.',
        action: 'retry',
      };
    case 'version-unsupported':
      return {
        code,
        title: 'A newer version of this page is out',
        body: 'Reload the page, then join again.',
        action: 'reload',
      };
    case 'join-refused':
      return {
        code,
        title: 'The server did not let you in',
        body: 'It may be busy or restarting. Wait a moment, then try again.',
        action: 'retry',
      };
    case 'not-authorized':
    case 'token-failed':
      return {
        code,
        title: 'This server asks who you are',
        body: 'Open the call from the site that it belongs to, signed in there.',
        action: 'home',
      };
    case 'bad-link':
      return {
        code,
        title: 'This link is not complete',
        body: 'Ask for the link again and open all of it.',
        action: 'home',
      };
    case 'insecure-context':
      return {
        code,
        title: 'Calls need a secure page',
        body: 'Open this page with an address that starts with https://.',
        action: 'none',
      };
    case 'webrtc-missing':
      return {
        code,
        title: 'This browser can’t make calls',
        body: 'WebRTC is missing or turned off. Use a current Chrome, Edge, Firefox or Safari.',
        action: 'none',
      };
    default:
      return {
        code,
        title: 'Joining did not work',
        body: error instanceof Error ? error.message : 'Something unexpected happened. Try again.',
        action: 'retry',
      };
  }
}
