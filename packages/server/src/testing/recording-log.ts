import type { Log, LogFields } from '../log/log.ts';

export interface LogEntry {
  readonly level: keyof Log;
  readonly fields: LogFields;
  readonly message: string;
}

/** Keeps what was logged. */
export class RecordingLog implements Log {
  readonly entries: LogEntry[] = [];

  debug(fields: LogFields, message: string): void {
    this.entries.push({ level: 'debug', fields, message });
  }

  info(fields: LogFields, message: string): void {
    this.entries.push({ level: 'info', fields, message });
  }

  warn(fields: LogFields, message: string): void {
    this.entries.push({ level: 'warn', fields, message });
  }

  error(fields: LogFields, message: string): void {
    this.entries.push({ level: 'error', fields, message });
  }

  messagesAt(level: keyof Log): string[] {
    return this.entries.filter((entry) => entry.level === level).map(({ message }) => message);
  }
}
