/** Bounds of the wire (SPEC.md, section Limits). A unit stands in every name. */

/** Largest message between a client and the server, in bytes of UTF-8. Above it: `too-large`. */
export const MESSAGE_MAX_BYTES = 32 * 1024;

/** Largest relayed body. The rest of the message (event name, ids, framing) fits in what remains. */
export const SIGNAL_BODY_MAX_BYTES = MESSAGE_MAX_BYTES - 512;

/**
 * Where the transport itself cuts the connection (WebSocket close code 1009). It leaves room above
 * {@link MESSAGE_MAX_BYTES}, so that a message somewhat too large still gets a typed answer.
 */
export const TRANSPORT_MAX_BYTES = 128 * 1024;

/** The longest token that a server looks into (SPEC.md, TOKEN1); one of Peerline's claims has 300 bytes. */
export const TOKEN_MAX_CHARACTERS = 4 * 1024;

/** Length of room ids, peer ids and join secrets: 128 bits in base64url without padding. */
export const ID_CHARACTERS = 22;

/** The largest room a server may be configured for; a mesh of more is not a call any more. */
export const ROOM_PEERS_MAX = 64;

/** A presence object (name and whatever a builder adds), as JSON in UTF-8. */
export const PRESENCE_MAX_BYTES = 4 * 1024;

/** Candidates in one signal; more are split over several. */
export const CANDIDATES_PER_SIGNAL_MAX = 64;

/** One ICE candidate line (RFC 8839 section 5.1) is about 100 bytes; TCP and TURN ones reach 250. */
export const CANDIDATE_MAX_BYTES = 1024;

/** Names of message types that builders choose. */
export const MESSAGE_TYPE_MAX_CHARACTERS = 64;

/** Heartbeat of the signaling connection: the server pings this often … */
export const HEARTBEAT_INTERVAL_MS = 3_000;

/**
 * … and gives up after this long without a pong. Either end notices a half-open connection within the
 * sum. TCP repeats a lost segment four times in it; who is cut off all the same rejoins unnoticed.
 */
export const HEARTBEAT_TIMEOUT_MS = 4_500;

/** Devices that a peer may say it knows, with those made up beside them (SPEC.md, IDENT2). */
export const IDENTITY_TAGS_MAX = 256;

/** A name that is sealed for those inside (SPEC.md, DOOR4): padded, in base64url. */
export const NOTE_MAX_CHARACTERS = 512;
