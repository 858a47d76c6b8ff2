import { pino, type DestinationStream } from 'pino';
import type { Log } from './log.ts';
import { prettyLine } from './pretty.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export type LogFormat = 'json' | 'pretty';

export interface LogOptions {
  readonly level: LogLevel;
  readonly format: LogFormat;
  /** Takes whole lines. */
  readonly destination: DestinationStream;
}

/** The log of the command line; `info` has one line for each transition of the server and of peers. */
export function createLog({ level, format, destination }: LogOptions): Log {
  const lines: DestinationStream =
    format === 'json' ? destination : { write: (line) => destination.write(prettyLine(line)) };
  return pino(
    {
      level,
      // Process id and host name say nothing that whoever collects the log does not add.
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    lines,
  );
}
