import { joinDoorShape, type DoorNote, type HostMessages } from './door.ts';
import { ProtocolError } from './errors.ts';
import { cardShape, joinSecretShape, peerIdShape, roomIdShape, roomSecretShape } from './ids.ts';
import { MESSAGE_MAX_BYTES, SIGNAL_BODY_MAX_BYTES, TRANSPORT_MAX_BYTES } from './limits.ts';
import { parseWith, utf8Bytes, type Parsed } from './parse.ts';
import { boolean, integer, isRecord, optional, strictObject, text, type ValueOf } from './shape.ts';
import { SUPPORTED_VERSIONS } from './version.ts';

/**
 * What a builder's backend said a client may do (SPEC.md, TOKEN1). Its form is for the one to judge that
 * was configured to, so that all tokens that are not taken get one answer.
 */
const tokenShape = text(TRANSPORT_MAX_BYTES);

/** The join, carried in the Socket.IO CONNECT packet's `auth` (SPEC.md, JOIN1). */
const joinShape = strictObject({
  protocol: integer(1),
  room: roomIdShape,
  roomSecret: roomSecretShape,
  peer: peerIdShape,
  secret: joinSecretShape,
  card: cardShape,
  attempt: optional(integer(1)),
  token: optional(tokenShape),
  door: optional(joinDoorShape),
  /** It stays in the lobby until it says `enter` (SPEC.md, VISIT1). */
  visit: optional(boolean),
});
export type JoinRequest = ValueOf<typeof joinShape>;

/** Asks the server to carry `body` to a peer of the same room (SPEC.md, RELAY1). */
const relayShape = strictObject({ to: peerIdShape, body: text(TRANSPORT_MAX_BYTES, 1) });
export type RelayRequest = ValueOf<typeof relayShape>;

/** A fresh token in the place of one that ends (SPEC.md, TOKEN5). */
const tokenRenewalShape = strictObject({ token: tokenShape });
export type TokenRenewal = ValueOf<typeof tokenRenewalShape>;

/** Messages that a client may send, by event name. */
export interface ClientMessages extends HostMessages {
  readonly note: DoorNote;
  readonly signal: RelayRequest;
  readonly leave: null;
  /** From a visitor: it comes in (SPEC.md, VISIT4). */
  readonly enter: null;
  readonly token: TokenRenewal;
}
export type ClientEvent = keyof ClientMessages;

/** @returns the join, or `bad-message` / `version-unsupported` */
export function parseJoin(input: unknown): Parsed<JoinRequest> {
  const claimed = isRecord(input) ? input['protocol'] : undefined;
  // The version is looked at first: another version's join may look different altogether.
  if (typeof claimed === 'number' && !SUPPORTED_VERSIONS.includes(claimed)) {
    const error = new ProtocolError(
      'version-unsupported',
      `protocol ${claimed} is not spoken here; supported: ${SUPPORTED_VERSIONS.join(', ')}`,
      'protocol',
    );
    return { ok: false, error };
  }
  return parseWith(joinShape, input);
}

/** @returns the relay request, or `bad-message` / `too-large` */
export function parseRelay(input: unknown): Parsed<RelayRequest> {
  const parsed = parseWith(relayShape, input);
  if (parsed.ok && utf8Bytes(parsed.value.body) > SIGNAL_BODY_MAX_BYTES) {
    const message = `a signal of more than ${SIGNAL_BODY_MAX_BYTES} bytes (messages: ${MESSAGE_MAX_BYTES})`;
    return { ok: false, error: new ProtocolError('too-large', message, 'body') };
  }
  return parsed;
}

/** @returns the renewal, or `bad-message` */
export function parseTokenRenewal(input: unknown): Parsed<TokenRenewal> {
  return parseWith(tokenRenewalShape, input);
}
