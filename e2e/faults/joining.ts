import { join, newRoom, type Member } from '../rig/call.ts';
import type { LabCall } from './lab-call.ts';
import { firstFrames } from './watching.ts';

/** Beyond the slowest promise by far. */
const WAIT_MAX_MS = 45_000;

export interface JoinTime {
  /** From the call of `joinRoom` to the first frame painted, in the worse of both directions. */
  readonly ms: number;
  /** What it went to: `joined 140 ms, agreed 300 ms, connected 600 ms`, of the newcomer. */
  readonly steps: string;
}

/** One is in a room, the other one joins it. */
export async function timeJoin(call: LabCall): Promise<JoinTime> {
  const [ann, ben] = call.members;
  const room = await newRoom(ann.tab);
  await join(ann, { room });
  const beginMs = Date.now();
  await join(ben, { room });
  const ms = await firstFrames(call, beginMs, WAIT_MAX_MS);
  return { ms, steps: await stepsOf(ben, beginMs) };
}

async function stepsOf(ben: Member, beginMs: number): Promise<string> {
  const happened = await ben.tab.evaluate(() => window.harness.happenings);
  const first = (what: string, detail?: string): string => {
    const found = happened.find(
      (one) =>
        one.atMs >= beginMs && one.what === what && (detail === undefined || one.detail === detail),
    );
    return found === undefined ? 'never' : `${found.atMs - beginMs} ms`;
  };
  const [joined, agreed] = [first('entered'), first('track')];
  return `joined ${joined}, agreed ${agreed}, connected ${first('state', 'connected')}`;
}

/** Both leave, so that another run may begin. */
export async function leaveAll(call: LabCall): Promise<void> {
  await Promise.all(call.members.map(({ tab }) => tab.evaluate(() => window.harness.leave())));
}
