/** Why a server could not be started. */
export type StartErrorCode =
  | 'bad-option'
  | 'port-in-use'
  | 'port-forbidden'
  | 'host-unknown'
  | 'certificate-unreadable'
  | 'listen-failed';

/** The server did not start; the message says what to do. */
export class StartError extends Error {
  override readonly name = 'StartError';
  readonly code: StartErrorCode;

  constructor(code: StartErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }

  static badOption(message: string): StartError {
    return new StartError('bad-option', message);
  }

  /** From what `listen` or `bind` failed with. */
  static listening(error: unknown, where: ListenTarget): StartError {
    const { host, port, transport, flag } = where;
    const cause = { cause: error };
    switch (errorCode(error)) {
      case 'EADDRINUSE': {
        const message = `${transport} port ${port} on ${host} is in use by another program: end it, or choose another port with ${flag}`;
        return new StartError('port-in-use', message, cause);
      }
      case 'EACCES': {
        const message = `${transport} port ${port} needs more rights than this user has: choose one above 1023 with ${flag}`;
        return new StartError('port-forbidden', message, cause);
      }
      case 'ENOTFOUND':
      case 'EAI_AGAIN':
      case 'EADDRNOTAVAIL': {
        const message = `${host} is no address of this machine: use localhost, 0.0.0.0 for all, or one that it has, with --host`;
        return new StartError('host-unknown', message, cause);
      }
      default: {
        const message = `cannot listen on ${transport} ${host}:${port}: ${error instanceof Error ? error.message : String(error)}`;
        return new StartError('listen-failed', message, cause);
      }
    }
  }
}

export interface ListenTarget {
  readonly host: string;
  readonly port: number;
  readonly transport: 'TCP' | 'UDP';
  /** The option that chooses the port. */
  readonly flag: string;
}

/** The `code` of a system error, if it is one. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
