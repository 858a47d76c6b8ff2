/** Why a server refuses a join (SPEC.md, JOIN5). The connection is closed behind it. */
export const JOIN_REFUSAL_CODES = [
  'bad-join',
  'version-unsupported',
  'not-authorized',
  'bad-proof',
  'overtaken',
  'wrong-password',
  'room-locked',
  'room-moved',
  'room-full',
  'rate-limited',
  'shutting-down',
  'internal',
] as const;
export type JoinRefusalCode = (typeof JOIN_REFUSAL_CODES)[number];

/** What a server says to the sender of a message it did not act on (SPEC.md, PROBLEM1). */
export const PROBLEM_CODES = [
  'unknown-event',
  'bad-message',
  'too-large',
  'unknown-peer',
  'rate-limited',
  'not-authorized',
  'token-expired',
  'not-host',
  'declined',
  'removed',
  'visit-ended',
  'room-moved',
  'taken-over',
  'slow-consumer',
  'shutting-down',
  'internal',
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

export type ProtocolErrorCode =
  | 'bad-message'
  | 'too-large'
  | 'unknown-event'
  | 'version-unsupported';

/** Input that is not what the protocol says, and where in it the fault lies. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly code: ProtocolErrorCode;
  /** The place in the input, like `candidates.3.candidate`; empty for the whole. */
  readonly path: string;

  constructor(code: ProtocolErrorCode, message: string, path = '') {
    super(message);
    this.code = code;
    this.path = path;
  }
}
