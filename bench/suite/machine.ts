import { cpus } from 'node:os';
import { describeSystem, versionOf, type System } from '../../e2e/faults/machine.ts';
import { findExecutable } from '../../e2e/rig/executables.ts';

/** What figures were measured on: without it they say little. */
export interface BenchMachine extends System {
  /** As the processor names itself. */
  readonly cpu: string;
  /** Undefined where it is not installed; what needs it does not run then. */
  readonly chromium?: string;
}

export async function describeBenchMachine(): Promise<BenchMachine> {
  const system = { ...(await describeSystem()), cpu: cpus()[0]?.model ?? 'unknown' };
  let chromium: string;
  try {
    chromium = findExecutable('chromium');
  } catch {
    return system;
  }
  return { ...system, chromium: await versionOf(chromium) };
}
