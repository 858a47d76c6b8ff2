/** The subprotocol that a client offers behind its join, and a server that took the join answers with (SPEC.md, JOIN10). */
export const JOIN_IN_UPGRADE_TAKEN = 'peerline';

/** So begins the subprotocol that carries a join; the JSON of it follows in base64url. */
export const JOIN_IN_UPGRADE_PREFIX = 'join.';

/** A longer one goes into the CONNECT packet: proxies and Node take 8 to 16 KB of header in all. */
export const JOIN_IN_UPGRADE_MAX_CHARACTERS = 4 * 1024;
