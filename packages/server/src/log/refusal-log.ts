import type { Log, LogFields } from './log.ts';

interface Repeated {
  readonly message: string;
  readonly reason: string;
  readonly timer: NodeJS.Timeout;
  /** How many more there were. */
  untold: number;
}

/** Often enough to see an attack begin and end, seldom enough that it fills no disk. */
const REPEAT_EVERY_MS = 10_000;

/**
 * Tells of refusals without letting whoever is refused write the log: of each kind the first at once, and
 * how many more there were after 10 s.
 */
export class RefusalLog {
  readonly #log: Log;
  /** The kinds whose 10 s still run. */
  readonly #open = new Map<string, Repeated>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** @param reason one of a fixed few, never what a client sent */
  note(message: string, reason: string, fields: LogFields = {}): void {
    const key = `${message}: ${reason}`;
    const open = this.#open.get(key);
    if (open !== undefined) {
      open.untold += 1;
      return;
    }
    this.#log.info({ ...fields, reason }, message);
    const timer = setTimeout(() => this.#end(key), REPEAT_EVERY_MS);
    timer.unref();
    this.#open.set(key, { message, reason, timer, untold: 0 });
  }

  /** Tells what is still to be told. */
  close(): void {
    for (const key of [...this.#open.keys()]) this.#end(key);
  }

  #end(key: string): void {
    const open = this.#open.get(key);
    if (open === undefined) return;
    const { message, reason, timer, untold } = open;
    clearTimeout(timer);
    this.#open.delete(key);
    if (untold > 0) this.#log.info({ reason, more: untold }, message);
  }
}
