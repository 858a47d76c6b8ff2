import { readFileSync } from 'node:fs';
import type { FlagName } from './flags.ts';
import { UsageError, type FlagValues, type Given } from './read-flags.ts';

/** Reads values as what they should be. */
export class Flags {
  readonly #values: FlagValues;

  constructor(values: FlagValues) {
    this.#values = values;
  }

  all(name: FlagName): readonly Given[] {
    return this.#values.get(name) ?? [];
  }

  one<T>(name: FlagName, read: (given: Given) => T): T | undefined {
    const given = this.all(name).at(-1);
    return given === undefined ? undefined : read(given);
  }

  text(name: FlagName): string | undefined {
    return this.one(name, ({ text }) => text);
  }

  integer(name: FlagName): number | undefined {
    return this.one(name, integerFrom);
  }

  choice<T extends string>(name: FlagName, choices: readonly T[]): T | undefined {
    return this.one(name, ({ text, from }) => {
      const chosen = choices.find((choice) => choice === text);
      if (chosen !== undefined) return chosen;
      throw new UsageError(`${from} is one of ${choices.join(', ')}, not "${text}"`);
    });
  }

  isOn(name: FlagName): boolean {
    return this.one(name, switchFrom) ?? false;
  }
}

export function integerFrom({ text, from }: Given): number {
  // Six digits cover every port; longer ones would only be refused later.
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new UsageError(`${from} is a whole number, not "${text}"`);
}

function switchFrom({ text, from }: Given): boolean {
  if (['true', '1', 'yes', 'on'].includes(text.toLowerCase())) return true;
  if (['false', '0', 'no', 'off'].includes(text.toLowerCase())) return false;
  throw new UsageError(`${from} is true or false, not "${text}"`);
}

/** What stands in the file that was named. */
export function readText({ text, from }: Given): string {
  try {
    return readFileSync(text, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${from} cannot be read: ${why}`);
  }
}

/** Leaves a field out where it has no value. */
export function optional<K extends string, V>(name: K, value: V | undefined): { [P in K]?: V } {
  if (value === undefined) return {};
  const field: { [P in K]?: V } = {};
  field[name] = value;
  return field;
}
