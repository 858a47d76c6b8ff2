import type { JoinInput } from '../page/harness.ts';
import type { Party } from './party.ts';
import { waitFor, type BrowserName, type BrowserTab } from './tab.ts';

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
): Promise<Member> {
  const tab = await party.newTab(browser, { participant });
  await tab.open(url);
  await waitFor(tab, 'the harness', () => window.harness !== undefined);
  return { tab, name: nameOf(participant) };
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

/** Waits until `viewer` sees the camera that `shown` is to send. */
export async function seesCamera(viewer: Member, shown: Member, device = 0): Promise<void> {
  await waitFor(
    viewer.tab,
    `camera ${device} of ${shown.name}`,
    ({ name, participant, device: wanted }) => {
      const source = window.harness.picture(name)?.source;
      return source?.participant === participant && source.device === wanted;
    },
    { name: shown.name, participant: shown.tab.participant, device },
  );
}

/** Quieter than this is silence; the fake tones arrive at about -25 dB. */
const AUDIBLE_DECIBELS = -60;
/** An analyser's bin is 11 Hz wide, and the tones are 180 Hz apart. */
const TONE_TOLERANCE_HZ = 40;

/** Waits until `listener` hears the tone of `speaker`'s first microphone. */
export async function hearsTone(listener: Member, speaker: Member): Promise<void> {
  await waitFor(
    listener.tab,
    `the tone of ${speaker.name}`,
    ({ name, participant, audible, tolerance }) => {
      const heard = window.harness.tone(name);
      if (heard === undefined || heard.decibels < audible) return false;
      const wanted = window.rig.toneHz(participant, 0);
      return heard.hertz === undefined || Math.abs(heard.hertz - wanted) < tolerance;
    },
    {
      name: speaker.name,
      participant: speaker.tab.participant,
      audible: AUDIBLE_DECIBELS,
      tolerance: TONE_TOLERANCE_HZ,
    },
  );
}

/** Waits until a text from `from` arrives. */
export async function getsText(to: Member, from: Member, text: string): Promise<void> {
  await waitFor(
    to.tab,
    `"${text}" from ${from.name}`,
    ({ name, wanted }) => window.harness.heard('text', name, wanted),
    { name: from.name, wanted: text },
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
