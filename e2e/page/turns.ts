import { SeededRandom } from './seeded-random.ts';

/** What is turned on and off; the sound of a screen comes and goes with the screen. */
export const TOGGLED = ['microphone', 'camera', 'screen'] as const;
export type Toggled = (typeof TOGGLED)[number];

/** What one participant does in one round. */
export interface Turn {
  readonly toggles: readonly Toggled[];
  /** A new cap on the cameras that are received, in bits per second: a renegotiation. */
  readonly capBps: number | undefined;
  readonly restartsIce: boolean;
  /** From the round's beginning on. */
  readonly afterMs: number;
}

/** What is to be so once a round is over. */
export interface Stand {
  readonly sources: { readonly [S in Toggled]: boolean };
  readonly capBps: number;
}

/** Below what the SDK sends by itself, so that the cap in force is that of the receiver. */
const CAPS_BPS = [300_000, 500_000, 700_000] as const;

/** About what a signal takes from one tab to the other, so that turns cross in every way. */
const AFTER_MAX_MS = 4;

const CAP_CHANCE = 0.3;
const RESTART_CHANCE = 0.25;

/** Where everyone begins. */
export const FIRST_STAND: Stand = {
  sources: { microphone: true, camera: true, screen: false },
  capBps: CAPS_BPS[0],
};

/** Everyone can compute everyone's turns, so that nothing has to be told. */
export function turnOf(seed: number, round: number, participant: number): Turn {
  const random = new SeededRandom(seed * 1_000_003 + round * 64 + participant);
  const drawn = TOGGLED.filter(() => random.chance(0.5));
  return {
    toggles: drawn.length === 0 ? [random.pick(TOGGLED)] : drawn,
    capBps: random.chance(CAP_CHANCE) ? random.pick(CAPS_BPS) : undefined,
    restartsIce: random.chance(RESTART_CHANCE),
    afterMs: random.below(AFTER_MAX_MS + 1),
  };
}

export function standAfter({ sources, capBps }: Stand, turn: Turn): Stand {
  const toggled = (source: Toggled): boolean => sources[source] !== turn.toggles.includes(source);
  return {
    sources: {
      microphone: toggled('microphone'),
      camera: toggled('camera'),
      screen: toggled('screen'),
    },
    capBps: turn.capBps ?? capBps,
  };
}
