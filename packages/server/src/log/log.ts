/** What the server writes its log to; a pino logger is one. */
export interface Log {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

export type LogFields = Readonly<Record<string, unknown>>;

/** For embedding without a log of one's own. */
export const silentLog: Log = {
  debug() {},
  info() {},
  warn() {},
  error() {},
};

/** Enough to tell entries apart, too little to join a room or to name anyone. */
const ID_PREFIX_CHARACTERS = 6;

/** How ids appear in the log. */
export function shortId(id: string): string {
  return id.slice(0, ID_PREFIX_CHARACTERS);
}
