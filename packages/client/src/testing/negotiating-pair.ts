import type { Signal } from '@peerline/protocol';
import { planMedia, termsOf } from '../media/preferences.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeNetwork } from './fake-network.ts';
import { fakeRtc } from './fake-peer-connection.ts';
import { FaultyPath, type Faults } from './faulty-path.ts';
import { seededRandom, type SeededRandom } from './random.ts';
import { Connection } from '../peer/connection.ts';
import { adoptLayout, codecsBySection, layOut } from '../peer/layout.ts';
import type { NegotiatorOptions } from '../peer/negotiator-options.ts';
import { Negotiator } from '../peer/negotiator.ts';

const TERMS = termsOf(planMedia());
const IGNORE = (): void => undefined;
const OFF = { revision: 1, microphone: false, camera: false, screen: false, screenAudio: false };

/** One side: a negotiator over fake connections, and all that it said and heard. */
export class Side {
  readonly negotiator: Negotiator;
  readonly sent: Signal[] = [];
  readonly troubles: string[] = [];
  readonly codecs: string[][] = [];
  opened = 0;
  address = 0;
  /** Whether what was sent is taken for arrived. */
  isDelivered = true;
  /** Whether anything comes from the other side. */
  isHeard = false;

  constructor(
    role: NegotiatorOptions['role'],
    network: FakeNetwork,
    send: (signal: Signal) => void,
  ) {
    const { clock } = network;
    const rtc = fakeRtc(network);
    this.negotiator = new Negotiator({
      role,
      clock,
      address: () => this.address,
      isHeard: () => this.isHeard,
      send: (signal) => {
        this.sent.push(signal);
        send(signal);
      },
      isDelivered: () => this.isDelivered,
      open: (generation) => {
        this.opened += 1;
        return new Connection({
          generation,
          rtc,
          configuration: {},
          clock,
          onCandidates: (of, candidates) => this.negotiator.trickle(of.generation, candidates),
          ...{ onStateChange: IGNORE, onPathChange: IGNORE, onImpostor: IGNORE },
        });
      },
      prepare: (connection, stage) => {
        if (connection.layout.size === 0) {
          connection.layout =
            stage === 'before-offer' ? layOut(connection.pc, rtc) : adoptLayout(connection.pc, rtc);
        }
        return Promise.resolve();
      },
      extras: () => ({ terms: TERMS, media: OFF, presence: { revision: 1, value: {} } }),
      onDescription: ({ sdp }) => sdp,
      onNegotiated: (_, answer) => {
        this.codecs.push(
          codecsBySection(answer).flatMap((codecs) => codecs.map(({ mimeType }) => mimeType)),
        );
      },
      onTrouble: (message) => this.troubles.push(message),
    });
  }

  get state(): string | undefined {
    return this.negotiator.connection?.pc.connectionState;
  }
  ofType<T extends Signal['type']>(type: T): Extract<Signal, { type: T }>[] {
    return this.sent.filter(
      (signal): signal is Extract<Signal, { type: T }> => signal.type === type,
    );
  }
}

export const FLAWLESS: Faults = { loss: 0, duplication: 0, delayMaxMs: 1 };

/** Two sides, and the paths of signals between them. `heal` makes those flawless. */
export function pairOver(
  faults: Faults,
  random: SeededRandom = seededRandom(1),
): {
  clock: FakeClock;
  network: FakeNetwork;
  offerer: Side;
  answerer: Side;
  heal: () => void;
} {
  const clock = new FakeClock();
  const network = new FakeNetwork(clock);
  const toAnswerer = new FaultyPath<Signal>(clock, random, faults, (signal) =>
    answerer.negotiator.handle(signal),
  );
  const toOfferer = new FaultyPath<Signal>(clock, random, faults, (signal) =>
    offerer.negotiator.handle(signal),
  );
  const offerer: Side = new Side('offerer', network, (signal) => toAnswerer.send(signal));
  const answerer: Side = new Side('answerer', network, (signal) => toOfferer.send(signal));
  const heal = (): void => {
    toAnswerer.faults = FLAWLESS;
    toOfferer.faults = FLAWLESS;
  };
  return { clock, network, offerer, answerer, heal };
}
