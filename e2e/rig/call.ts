import type { JoinInput } from '../page/join-input.ts';
import type { Party } from './party.ts';
import { waitFor, type BrowserName, type BrowserTab, type TabOptions } from './tab.ts';

/** Someone in a room, by the harness page. */
export interface Member {
  readonly tab: BrowserTab;
  /** `p1` for participant 1; names tell members apart everywhere in the tests. */
  readonly name: string;
}

export function nameOf(participant: number): string {
  return `p${participant}`;
}

/** A room's link that no other test uses; the browser makes it as the app does. */
export function newRoom(tab: BrowserTab): Promise<string> {
  return tab.evaluate(() => window.harness.sdk.formatRoomLink(window.harness.sdk.createRoomLink()));
}

/** Opens the harness page in a tab of its own. */
export async function openHarness(
  party: Party,
  browser: BrowserName,
  participant: number,
  url: string,
  options: Omit<Partial<TabOptions>, 'participant'> = {},
): Promise<Member> {
  return await enterHarness(await party.newTab(browser, { ...options, participant }), url);
}

/** Opens the harness page in a tab that is there. */
export async function enterHarness(tab: BrowserTab, url: string): Promise<Member> {
  await tab.open(url);
  await waitFor(tab, 'the harness', () => window.harness !== undefined);
  return { tab, name: nameOf(tab.participant) };
}

/**
 * Joins, and turns camera and microphone on where not told otherwise.
 *
 * @returns the peer id
 */
export async function join(
  { tab, name }: Member,
  input: Omit<JoinInput, 'name'>,
  sources: readonly ('camera' | 'microphone')[] = ['camera', 'microphone'],
): Promise<string> {
  const id = await tab.evaluate((all: JoinInput) => window.harness.join(all), { ...input, name });
  await tab.evaluate(async (wanted: readonly ('camera' | 'microphone')[]) => {
    for (const source of wanted) await window.harness.room.local[source].enable();
  }, sources);
  return id;
}

/**
 * Waits until `viewer` sees the camera that `shown` is to send.
 *
 * @returns when it did, by the wall clock that all pages share
 */
export async function seesCamera(
  viewer: Member,
  shown: Member,
  device = 0,
  maxMs?: number,
): Promise<number> {
  return await waitFor(
    viewer.tab,
    `camera ${device} of ${shown.name}`,
    ({ name, participant, device: wanted }) => {
      const source = window.harness.picture(name)?.source;
      const isSeen = source?.participant === participant && source.device === wanted;
      return isSeen ? Date.now() : undefined;
    },
    { name: shown.name, participant: shown.tab.participant, device },
    maxMs,
  );
}

/** Quieter than this is silence; the fake tones arrive at about -25 dB. */
const AUDIBLE_DECIBELS = -60;
/** An analyser's bin is 11 Hz wide, and the tones are 180 Hz apart. */
const TONE_TOLERANCE_HZ = 40;

/**
 * Waits until `listener` hears the tone of one of `speaker`'s microphones.
 *
 * @returns when it did, by the wall clock that all pages share
 */
export async function hearsTone(
  listener: Member,
  speaker: Member,
  microphone = 0,
  maxMs?: number,
): Promise<number> {
  return await waitFor(
    listener.tab,
    `the tone of ${speaker.name}`,
    ({ name, participant, microphone: wanted, audible, tolerance }) => {
      const heard = window.harness.tone(name);
      if (heard === undefined || heard.decibels < audible) return undefined;
      const hertz = window.rig.toneHz(participant, wanted);
      const isHeard = heard.hertz === undefined || Math.abs(heard.hertz - hertz) < tolerance;
      return isHeard ? Date.now() : undefined;
    },
    {
      name: speaker.name,
      participant: speaker.tab.participant,
      microphone,
      audible: AUDIBLE_DECIBELS,
      tolerance: TONE_TOLERANCE_HZ,
    },
    maxMs,
  );
}

/** Waits until a text from `from` arrives. */
export async function getsText(
  to: Member,
  from: Member,
  text: string,
  maxMs?: number,
): Promise<void> {
  await waitFor(
    to.tab,
    `"${text}" from ${from.name}`,
    ({ name, wanted }) => window.harness.heard('text', name, wanted),
    { name: from.name, wanted: text },
    maxMs,
  );
}

export async function sendText(from: Member, text: string): Promise<void> {
  await from.tab.evaluate((wanted: string) => window.harness.sendText(wanted), text);
}

/** Counts the frames and gaps of a member's camera from now on. */
export async function watchAnew(viewer: Member, shown: Member): Promise<void> {
  await viewer.tab.evaluate((name: string) => window.harness.restartPicture(name), shown.name);
  await waitFor(
    viewer.tab,
    `a frame of ${shown.name}`,
    (name: string) => (window.harness.picture(name)?.frames ?? 0) > 0,
    shown.name,
  );
}

/**
 * How long a picture stood still since `watchAnew`, less what the machine held up: where the two pages'
 * own cameras stood still as well, the call is not to blame.
 */
export async function longestStallMs(viewer: Member, shown: Member): Promise<number> {
  const gapMs = await viewer.tab.evaluate(
    (name: string) => window.harness.picture(name)?.longestGapMs ?? Infinity,
    shown.name,
  );
  const own = [viewer, shown].map(({ tab }) => tab.evaluate(() => window.harness.ownGapMs()));
  return gapMs - Math.max(...(await Promise.all(own)));
}

/**
 * Waits until a new frame shows the camera that `shown` is to send; a picture that stands still does not.
 *
 * @param sinceMs only frames from then on count, by the wall clock that all pages share
 * @returns when there was one
 */
export async function seesCameraMove(
  viewer: Member,
  shown: Member,
  sinceMs: number,
  maxMs?: number,
): Promise<number> {
  return await waitFor(
    viewer.tab,
    `the camera of ${shown.name} to move`,
    ({ name, participant, since }) => {
      const isShown = window.harness.picture(name)?.source?.participant === participant;
      return isShown ? window.harness.frameAfter(name, since) : undefined;
    },
    { name: shown.name, participant: shown.tab.participant, since: sinceMs },
    maxMs,
  );
}

/** Every ordered pair of a list of members. */
export function orderedPairs(members: readonly Member[]): readonly (readonly [Member, Member])[] {
  return members.flatMap((one) =>
    members.filter((other) => other !== one).map((other) => [one, other] as const),
  );
}

/** Each says `text` and its name, and the other one of the pair gets it. */
export async function textsArrive(
  pairs: readonly (readonly [Member, Member])[],
  text: string,
): Promise<void> {
  for (const [to, from] of pairs) {
    await sendText(from, `${text}, ${from.name}`);
    await getsText(to, from, `${text}, ${from.name}`);
  }
}

/**
 * Waits until everyone has noticed that the server is gone.
 *
 * @param sinceMs what was noticed before is of another time; by the clock that all share
 */
export async function noticeServerGone(members: readonly Member[], sinceMs = 0): Promise<void> {
  for (const { tab } of members) {
    await waitFor(
      tab,
      'word that the server is gone',
      (afterMs: number) =>
        window.harness.happenings.some(
          ({ what, detail, atMs }) =>
            what === 'room' && detail === 'reconnecting' && atMs >= afterMs,
        ),
      sinceMs,
    );
  }
}

/** Waits until everyone is in the room again, as the server sees it. */
export async function rejoinRoom(members: readonly Member[], maxMs?: number): Promise<void> {
  for (const { tab } of members) {
    await waitFor(
      tab,
      'the room again',
      () => window.harness.room.state.status === 'joined',
      undefined,
      maxMs,
    );
  }
}
