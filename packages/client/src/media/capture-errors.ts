import { PeerlineError, type PeerlineErrorCode } from '../base/errors.ts';

type Captured = 'camera' | 'microphone' | 'screen';

interface CaptureFault {
  readonly code: PeerlineErrorCode;
  readonly advice: string;
}

/** What the names of `getUserMedia`'s and `getDisplayMedia`'s exceptions come down to. */
const FAULTS: { readonly [name: string]: CaptureFault } = {
  NotAllowedError: {
    code: 'permission-denied',
    advice: 'is blocked; allow it for this site in the browser and in the system',
  },
  NotFoundError: { code: 'device-not-found', advice: 'was not found; plug one in' },
  OverconstrainedError: {
    code: 'device-not-found',
    advice: 'is not there any more; choose another',
  },
  NotReadableError: {
    code: 'device-in-use',
    advice: 'cannot be opened; close other programs that use it',
  },
  AbortError: { code: 'media-failed', advice: 'did not start; plug it in anew' },
  InvalidStateError: {
    code: 'media-failed',
    advice: 'may only be opened by a click or key press in a visible page',
  },
};

/** What comes instead of a capture where a page is not secure, in engines new and old. */
const INSECURE_NAMES: readonly string[] = ['PeerlineError', 'SecurityError', 'TypeError'];

/**
 * The typed error for what a capture threw (Media Capture and Streams section 10.3, Screen Capture
 * section 5.1). The browser's own is its `cause`.
 */
export function captureError(cause: unknown, captured: Captured, secure: boolean): PeerlineError {
  const name = cause instanceof Error ? cause.name : '';
  if (!secure && INSECURE_NAMES.includes(name)) {
    const message = `the ${captured} is for secure pages only; open this page over https:// or at localhost`;
    return new PeerlineError('insecure-context', message, { cause });
  }
  if (cause instanceof PeerlineError) return cause;
  const { code, advice } = FAULTS[name === 'SecurityError' ? 'NotAllowedError' : name] ?? {
    code: 'media-failed',
    advice: `could not be opened (${String(cause)})`,
  };
  return new PeerlineError(code, `the ${captured} ${advice}, then try again`, { cause });
}

/** Browsers reject with the same error whether the person cancelled or is not allowed to share. */
export function shareError(cause: unknown, secure: boolean, allowed: boolean): PeerlineError {
  const error = captureError(cause, 'screen', secure);
  if (error.code !== 'permission-denied' || !allowed) return error;
  return new PeerlineError(
    'share-cancelled',
    'nothing was chosen to share; if the browser did not ask, allow it to record the screen in the system',
    { cause },
  );
}
