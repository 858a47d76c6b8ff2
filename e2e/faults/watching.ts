import type { Member } from '../rig/call.ts';
import { waitFor } from '../rig/tab.ts';
import type { LabCall } from './lab-call.ts';

/** Who looks, and who is looked at. */
export type Pair = readonly [Member, Member];

export const BOTH_PAIRINGS = [
  ['chromium', 'chromium'],
  ['chromium', 'firefox'],
] as const;

/**
 * Waits until both see a frame that came after a time.
 *
 * @param timeMs by the wall clock, which all processes here share
 * @returns how long after, in the worse of both directions
 */
export async function firstFrames(call: LabCall, timeMs: number, maxMs: number): Promise<number> {
  const times = await Promise.all(
    call.pairs.map(([viewer, shown]) =>
      waitFor(
        viewer.tab,
        `a new frame of ${shown.name}`,
        ({ name, afterMs }) => window.harness.frameAfter(name, afterMs),
        { name: shown.name, afterMs: timeMs },
        maxMs,
      ),
    ),
  );
  return Math.max(...times) - timeMs;
}

/** A frame that waits this long in the receiver's buffer is shown late; in a call that is well it is 20 ms. */
const LATE_MS = 120;
/** Frames that are looked at together: a second or so. */
const LOOK_FRAMES = 15;
/** Chromium finds its timing again about ten seconds behind frames that came seconds late. */
const SETTLE_MAX_MS = 60_000;

/** Waits until a call is well: both pictures come, and are shown as soon as they are there. */
export async function callIsWell(call: LabCall): Promise<void> {
  for (const [viewer, shown] of call.pairs) {
    await waitFor(
      viewer.tab,
      `the picture of ${shown.name} to be in time`,
      ({ name, late, frames }) => window.harness.isInTime(name, late, frames),
      { name: shown.name, late: LATE_MS, frames: LOOK_FRAMES },
      SETTLE_MAX_MS,
    );
  }
}

/** Buffers of the receivers are empty by then: what is shown later was sent on another way. */
const DRAIN_MS = 300;
/** At 15 frames a second, and with both cores busy, less than this is no gap. */
const GAP_MS = 500;
/** Long enough for a path that is about to die to do so. */
const CALM_MS = 2_000;

/**
 * Waits until both pictures flow again. One frame alone would prove little: what was under way when a
 * path broke may still come, and a browser paints one as it closes the connection that is given up.
 *
 * @param drainMs what comes so soon behind `timeMs` was sent before it; 0 where nothing got through then
 * @returns how long after `timeMs`, in the worse of both directions
 */
export async function picturesFlow(
  call: LabCall,
  timeMs: number,
  maxMs: number,
  drainMs = DRAIN_MS,
): Promise<number> {
  const times = await Promise.all(
    call.pairs.map(([viewer, shown]) =>
      waitFor(
        viewer.tab,
        `the picture of ${shown.name} to flow`,
        ({ name, afterMs, calm }) => window.harness.flowsSince(name, afterMs, calm),
        {
          name: shown.name,
          afterMs: timeMs,
          calm: { drainMs, gapMs: GAP_MS, calmMs: CALM_MS },
        },
        maxMs,
      ),
    ),
  );
  return Math.max(...times) - timeMs;
}

/** Lets a page remember whom it talks to. */
export async function rememberPeer([viewer, shown]: Pair): Promise<void> {
  await viewer.tab.evaluate((name: string) => {
    window.rememberedPeer = window.harness.peer(name);
  }, shown.name);
}

/** @throws Error where somebody left, or came back as another object */
export async function checkSamePeer([viewer, shown]: Pair, sinceMs: number): Promise<void> {
  const isSame = await viewer.tab.evaluate(
    ({ name, afterMs }) =>
      window.harness.peer(name) === window.rememberedPeer &&
      window.harness.names().includes(name) &&
      !window.harness.happenings.some(({ what, atMs }) => what === 'peerleft' && atMs >= afterMs),
    { name: shown.name, afterMs: sinceMs },
  );
  if (!isSame) throw new Error(`${viewer.name} lost ${shown.name}, who came back as someone else`);
}

/** @returns what became of each peer and room since a time, such as `p1: p2 recovering +2040` */
export async function storyOf(call: LabCall, sinceMs: number): Promise<string> {
  const parts = await Promise.all(
    call.members.map(async ({ tab, name }) => {
      const all = await tab.evaluate(
        (afterMs: number) =>
          window.harness.happenings
            .filter(({ what, atMs }) => (what === 'state' || what === 'room') && atMs >= afterMs)
            .map(({ detail, from, atMs }) => `${from || 'room'} ${detail} +${atMs - afterMs}`),
        sinceMs,
      );
      return `${name}: ${all.length === 0 ? 'nothing' : all.join(', ')}`;
    }),
  );
  return parts.join('; ');
}

declare global {
  interface Window {
    /** The object that `rememberPeer` found. */
    rememberedPeer: unknown;
  }
}
