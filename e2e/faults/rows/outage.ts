import { setTimeout } from 'node:timers/promises';
import type { Host } from '../../netlab/host.ts';
import type { Fault, Measurement, Pairing } from '../fault.ts';
import { LabCall } from '../lab-call.ts';
import { sendNumberedTexts } from '../numbered-texts.ts';
import {
  BOTH_PAIRINGS,
  callIsWell,
  checkSamePeer,
  firstFrames,
  picturesFlow,
  rememberPeer,
  storyOf,
} from '../watching.ts';

/** How a link goes away, and comes back. */
interface Kind {
  readonly letter: 'a' | 'b';
  readonly title: string;
  readonly begin: (host: Host) => Promise<void>;
  readonly end: (host: Host) => Promise<void>;
}

const KINDS: readonly Kind[] = [
  {
    letter: 'a',
    title: 'cable pulled',
    begin: (host) => host.down(),
    end: (host) => host.up(),
  },
  {
    letter: 'b',
    title: 'black hole',
    begin: (host) => host.link.cut(),
    end: (host) => host.link.heal(),
  },
];

interface Length {
  readonly number: string;
  readonly seconds: number;
  readonly maxMs: number;
  readonly full: number;
  readonly short: number;
}

const LENGTHS: readonly Length[] = [
  // Each end cut off, and each one offering.
  { number: '8', seconds: 8, maxMs: 1_000, full: 8, short: 1 },
  { number: '9', seconds: 20, maxMs: 2_000, full: 5, short: 0 },
  { number: '10', seconds: 60, maxMs: 5_000, full: 3, short: 0 },
];

/** What takes longer has been missed by far, and is worth knowing all the same. */
const WAIT_MAX_MS = 45_000;

/**
 * A cable that was pulled for 8 s cannot be mended in 1 s between Chromium and Firefox: behind 6 to 8 s Firefox sends no
 * more until ICE has asked again, every 5 s, and for another connection Chromium has no address until 1.5 s behind the
 * link's return (docs/decisions/0017-recovery.md).
 */
const UNLIKE_BROWSERS_CABLE_MAX_MS = 2_000;

export const outages: readonly Fault[] = LENGTHS.flatMap((length) =>
  KINDS.flatMap((kind) => BOTH_PAIRINGS.map((pairing) => outage(length, kind, pairing))),
);

function outage(
  { number, seconds, maxMs, full, short }: Length,
  kind: Kind,
  pairing: Pairing,
): Fault {
  const isAlike = pairing[0] === pairing[1];
  const isHarder = kind.letter === 'a' && !isAlike;
  return {
    id: `${number}${kind.letter}`,
    title: `A link is down for ${seconds} s, ${kind.title}`,
    expected: {
      unit: 'ms',
      max: isHarder ? Math.max(maxMs, UNLIKE_BROWSERS_CABLE_MAX_MS) : maxMs,
      at: 'p95',
      what: 'the picture flows both ways again after the link is up; the same Peer, and every text of the outage once and in order',
    },
    pairings: [pairing],
    // The short form tries one pairing.
    runs: { full, short: isAlike ? short : 0 },
    setUp: async () => {
      const call = await LabCall.begin(pairing);
      return {
        run: (run) => beAway(call, kind, seconds * 1_000, run),
        close: () => call.close(),
      };
    },
  };
}

async function beAway(
  call: LabCall,
  { begin, end }: Kind,
  lengthMs: number,
  run: number,
): Promise<Measurement> {
  // By turns, so that both browsers are the one that is cut off.
  const { host, member } = call.seats[run % 2 === 1 ? 0 : 1];
  // And both the one that makes the offers.
  await call.offeredBy(call.members[run % 4 < 2 ? 0 : 1]);
  await callIsWell(call);
  for (const pair of call.pairs) await rememberPeer(pair);
  const beginMs = Date.now();
  await begin(host);
  const texts = await sendNumberedTexts(call, `outage ${beginMs}`);
  await setTimeout(lengthMs);
  const upMs = Date.now();
  await end(host);
  try {
    const [value, textsAtMs] = await Promise.all([
      picturesFlow(call, upMs, WAIT_MAX_MS, 0),
      // Those count as well that were sent while the pictures came back.
      firstFrames(call, upMs, WAIT_MAX_MS).then(() => texts.stop(WAIT_MAX_MS)),
    ]);
    for (const pair of call.pairs) await checkSamePeer(pair, beginMs);
    const note = `at ${member.name}, ${call.offerer} offers, texts there after ${textsAtMs - upMs} ms; ${await storyOf(call, beginMs)}`;
    return { value, note };
  } catch (error) {
    throw new Error(await storyOf(call, beginMs), { cause: error });
  }
}
