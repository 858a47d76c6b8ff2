import { execFile, spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { promisify } from 'node:util';
import { findExecutable } from './executables.ts';

/** This machine, at another time of day. */
export interface ShiftedMachine {
  readonly address: 'localhost';
  spawn(command: string, args: readonly string[], options: SpawnOptions): ChildProcess;
}

/**
 * Runs programs with a clock that is off, by libfaketime (Debian: faketime). Browsers come to a stop
 * under it.
 *
 * @param offset as `faketime -f` takes it: `+5m`, `-5m`
 */
export async function shiftedClock(offset: string): Promise<ShiftedMachine> {
  // Where the library lies differs from machine to machine, and the program knows it. It would stay
  // between us and what it runs, so only the library is taken from it.
  const { stdout } = await promisify(execFile)(findExecutable('faketime'), [
    '-f',
    offset,
    'printenv',
    'LD_PRELOAD',
  ]);
  const env = {
    ...process.env,
    LD_PRELOAD: stdout.trim(),
    FAKETIME: offset,
    // Waits are no times of day, and stay right.
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
  return {
    address: 'localhost',
    spawn: (command, args, options) => spawn(command, args, { ...options, env }),
  };
}
