export type NetlabErrorCode =
  | 'not-linux'
  | 'not-root'
  | 'no-tun'
  | 'tool-missing'
  | 'no-namespaces'
  | 'bad-input'
  | 'command-failed'
  | 'switch-ended';

/** A lab that cannot be made or changed, and what to do about it. */
export class NetlabError extends Error {
  override readonly name = 'NetlabError';
  readonly code: NetlabErrorCode;

  constructor(code: NetlabErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Ends every message about a machine that is not fit for a lab. */
export const SKIP_ADVICE = 'or set PEERLINE_SKIP_NETLAB=1 to go without the tests that need it';
