/** The protocol version that this build speaks (SPEC.md, VERSION1). */
export const PROTOCOL_VERSION = 1;

/** Every version that a server of this build accepts, newest first. */
export const SUPPORTED_VERSIONS: readonly number[] = [PROTOCOL_VERSION];
