import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where `/proc/PID/stat` has them, counted behind the name in brackets (proc(5)). */
const PARENT = 1;
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;

/** @returns processor time of a process and all below it that live now, in seconds */
export async function cpuSecondsOf(root: number): Promise<number> {
  const ticksPerSecond = Number((await run('getconf', ['CLK_TCK'])).stdout);
  const processes = new Map<number, { readonly parent: number; readonly ticks: number }>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    // It may end while it is looked at.
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => undefined);
    const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields === undefined) continue;
    processes.set(Number(name), {
      parent: Number(fields[PARENT]),
      ticks: Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS]),
    });
  }
  const isBelow = (id: number): boolean => {
    if (id === root) return true;
    const parent = processes.get(id)?.parent;
    return parent !== undefined && parent > 1 && isBelow(parent);
  };
  if (!processes.has(root)) throw new Error(`there is no process ${root}`);
  let ticks = 0;
  for (const [id, one] of processes) if (isBelow(id)) ticks += one.ticks;
  return ticks / ticksPerSecond;
}
