import { describeMachine } from './machine.ts';
import { MATRIX } from './matrix.ts';
import { runCommand, type World } from './run-command.ts';

/** `npm run faults`. @returns the exit status */
export async function main(
  args: readonly string[],
  { root, ensurePrograms }: Pick<World, 'root' | 'ensurePrograms'>,
): Promise<number> {
  return await runCommand(args, {
    root,
    ensurePrograms,
    matrix: MATRIX,
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    machine: describeMachine,
  });
}
