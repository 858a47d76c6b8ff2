import { join, newRoom } from '../rig/call.ts';
import type { LabCall } from './lab-call.ts';
import { firstFrames } from './watching.ts';

/** Beyond the slowest promise by far. */
const WAIT_MAX_MS = 45_000;

/**
 * One is in a room, the other one joins it.
 *
 * @returns from the call of `joinRoom` to the first frame painted, in the worse of both directions
 */
export async function timeJoin(call: LabCall): Promise<number> {
  const [ann, ben] = call.members;
  const room = await newRoom(ann.tab);
  await join(ann, { room });
  const beginMs = Date.now();
  await join(ben, { room });
  return await firstFrames(call, beginMs, WAIT_MAX_MS);
}

/** Both leave, so that another run may begin. */
export async function leaveAll(call: LabCall): Promise<void> {
  await Promise.all(call.members.map(({ tab }) => tab.evaluate(() => window.harness.leave())));
}
