import { NetlabError } from './netlab-error.ts';
import type { LinkCounts, Switch, Way, WayShape } from './switch.ts';

/** What a link does to the frames that go over it. */
export interface LinkShape {
  /** One way, in milliseconds. */
  readonly delayMs: number;
  /** Up to so many milliseconds more or less than `delayMs`, evenly; the order is kept. */
  readonly jitterMs: number;
  /** The share of frames that is lost, 0 to 1. */
  readonly loss: number;
  /** The share of frames that goes `reorderByMs` later, so that others overtake it, 0 to 1. */
  readonly reorder: number;
  readonly reorderByMs: number;
  /** Kilobits (1,000) a second; `Infinity` for as fast as the machine is. */
  readonly rateKbps: number;
  /** How long frames may wait for their turn in front of `rateKbps`; what would wait longer is lost. */
  readonly queueMs: number;
}

const PLAIN: LinkShape = {
  delayMs: 0,
  jitterMs: 0,
  loss: 0,
  reorder: 0,
  reorderByMs: 20,
  rateKbps: Infinity,
  queueMs: 300,
};

const WAYS: readonly Way[] = ['up', 'down'];

/** A cable from a host, or from a router with NAT, up to its router. */
export class Link {
  readonly name: string;
  readonly #switch: Switch;
  readonly #shapes: Record<Way, LinkShape> = { up: PLAIN, down: PLAIN };
  #isCut = false;

  constructor(name: string, frames: Switch) {
    this.name = name;
    this.#switch = frames;
  }

  /**
   * Changes what is given and keeps the rest, at once; frames on their way keep their time.
   *
   * @param ways `up` is from the host to its router
   * @throws NetlabError `bad-input` where a number is out of range
   */
  async set(change: Partial<LinkShape>, ways: Way | 'both' = 'both'): Promise<void> {
    const changed = ways === 'both' ? WAYS : [ways];
    for (const way of changed) this.#shapes[way] = check({ ...this.#shapes[way], ...change });
    await this.#apply(changed);
  }

  /** From now on nothing passes, and nobody is told: a black hole. */
  async cut(): Promise<void> {
    this.#isCut = true;
    await this.#apply(WAYS);
  }

  async heal(): Promise<void> {
    this.#isCut = false;
    await this.#apply(WAYS);
  }

  counts(): Promise<LinkCounts> {
    return this.#switch.counts(this.name);
  }

  async #apply(ways: readonly Way[]): Promise<void> {
    await Promise.all(
      ways.map((way) => {
        const shape = this.#shapes[way];
        const told: WayShape = {
          ...shape,
          rateKbps: shape.rateKbps === Infinity ? null : shape.rateKbps,
          cut: this.#isCut,
        };
        return this.#switch.shape(this.name, [way], told);
      }),
    );
  }
}

function check(shape: LinkShape): LinkShape {
  for (const name of ['loss', 'reorder'] as const) {
    if (!(shape[name] >= 0 && shape[name] <= 1)) {
      throw new NetlabError('bad-input', `${name} is a share from 0 to 1, not ${shape[name]}`);
    }
  }
  for (const name of ['delayMs', 'jitterMs', 'reorderByMs', 'queueMs'] as const) {
    if (!(shape[name] >= 0 && shape[name] < Infinity)) {
      throw new NetlabError('bad-input', `${name} is 0 or more milliseconds, not ${shape[name]}`);
    }
  }
  if (!(shape.rateKbps > 0)) {
    throw new NetlabError('bad-input', `rateKbps is more than 0, not ${shape.rateKbps}`);
  }
  return shape;
}
