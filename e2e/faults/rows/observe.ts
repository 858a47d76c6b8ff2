import { watchAnew, type Member } from '../../rig/call.ts';
import { waitFor } from '../../rig/tab.ts';
import type { Happening } from '../../page/harness.ts';

/** Several frames' time, and far less than anything that costs a call its picture. */
export const GAP_MAX_MS = 500;

type Pairs = readonly (readonly [Member, Member])[];

/** @returns the first of such happenings since then, once there is one */
export async function happened(
  { tab }: Member,
  wanted: {
    readonly what: Happening['what'];
    readonly from: string;
    readonly detail?: string | readonly string[];
    readonly sinceMs: number;
  },
  maxMs: number,
): Promise<Happening> {
  const { what, from, detail } = wanted;
  const details = detail === undefined ? undefined : [detail].flat();
  return await waitFor(
    tab,
    `${what} ${details?.join(' or ') ?? ''} of ${from === '' ? 'the room' : from}`,
    ({ what: kind, from: name, details: any, sinceMs }) =>
      window.harness.happenings.find(
        (one) =>
          one.what === kind &&
          one.from === name &&
          one.atMs >= sinceMs &&
          (any === undefined || any.includes(one.detail)),
      ),
    { what, from, details, sinceMs: wanted.sinceMs },
    maxMs,
  );
}

/** Everything that a page noted since then of one kind, in words. */
export async function detailsSince(
  { tab }: Member,
  what: Happening['what'],
  from: string,
  sinceMs: number,
): Promise<readonly string[]> {
  return await tab.evaluate(
    (asked) =>
      window.harness.happenings
        .filter(
          (one) => one.what === asked.what && one.from === asked.from && one.atMs >= asked.sinceMs,
        )
        .map(({ detail }) => detail),
    { what, from, sinceMs },
  );
}

/** From here on, for `requireUndisturbed`. @returns now, by the wall clock */
export async function watchAll(pairs: Pairs): Promise<number> {
  for (const [viewer, shown] of pairs) await watchAnew(viewer, shown);
  return Date.now();
}

/** @throws Error where a picture stood still or the state of a peer changed since `watchAll` */
export async function requireUndisturbed(pairs: Pairs, sinceMs: number): Promise<void> {
  for (const [viewer, shown] of pairs) {
    const report = await viewer.tab.evaluate(
      (name: string) => window.harness.picture(name),
      shown.name,
    );
    const gapMs = report?.longestGapMs ?? Infinity;
    if (gapMs > GAP_MAX_MS) {
      throw new Error(`${viewer.name} saw ${shown.name} stand still for ${Math.round(gapMs)} ms`);
    }
    const states = await detailsSince(viewer, 'state', shown.name, sinceMs);
    if (states.length > 0) {
      throw new Error(`${shown.name} became ${states.join(', ')} for ${viewer.name}`);
    }
  }
}
