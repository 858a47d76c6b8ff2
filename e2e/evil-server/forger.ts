import { createHash, randomBytes } from 'node:crypto';
import type { Card, Envelope, PeerId, RoomId, Signal } from '@peerline/protocol';
import { createRoomLink } from 'peerline';
import { RoomSeal, type PairSealing } from 'peerline/testing';
import type { SeededRandom } from '../page/seeded-random.ts';
import type { EvilEndpoint } from './endpoint.ts';

const OFF = { microphone: false, camera: false, screen: false, screenAudio: false } as const;
const TERMS = { receive: true } as const;

/** Somebody whom the server made up: of a link of its own, in whatever room it likes. */
export interface Stranger {
  readonly peer: PeerId;
  readonly card: Card;
}

/** Makes what an evil server would have believed: sealed, as well as it can without the link. */
export class Forger {
  readonly #endpoint: EvilEndpoint;
  readonly #random: SeededRandom;
  readonly stranger: Stranger;
  readonly #pair: PairSealing;

  private constructor(
    endpoint: EvilEndpoint,
    random: SeededRandom,
    stranger: Stranger,
    pair: PairSealing,
  ) {
    this.#endpoint = endpoint;
    this.#random = random;
    this.stranger = stranger;
    this.#pair = pair;
  }

  static async create(endpoint: EvilEndpoint, random: SeededRandom, room: RoomId): Promise<Forger> {
    const link = createRoomLink('evil');
    const [one, other] = [newPeer(), newPeer()];
    const own = await RoomSeal.create(link, { room, peer: one });
    const friend = await RoomSeal.create(link, { room, peer: other });
    const pair = await own.pair(other, friend.card);
    if (pair === undefined) throw new Error('strangers of one link know each other');
    return new Forger(endpoint, random, { peer: one, card: own.card }, pair);
  }

  /** A body that would lead a member to the evil endpoint, if it were believed. */
  async lure(): Promise<string> {
    const json = JSON.stringify(this.#envelope());
    const body = this.#random.chance(0.7) ? await this.#pair.seal(json) : json;
    if (body === undefined) throw new Error('too large to be sealed');
    return body;
  }

  #envelope(): Envelope {
    const random = this.#random;
    const counts = { generation: 1 + random.below(3), negotiation: 1 + random.below(3) };
    return {
      epoch: 1 + random.below(4),
      toEpoch: random.below(4),
      seq: 1 + random.below(6),
      base: 1,
      ack: random.below(6),
      signal: this.#signal(counts),
    };
  }

  #signal(counts: { readonly generation: number; readonly negotiation: number }): Signal {
    const { offer, answer } = this.#endpoint;
    const about = {
      terms: { microphone: TERMS, camera: TERMS, screen: TERMS, screenAudio: TERMS },
      media: { revision: 1, ...OFF },
      presence: { revision: 1, value: {} },
    };
    switch (this.#random.below(3)) {
      case 0:
        return { type: 'offer', ...counts, ...offer, ...about };
      case 1:
        return { type: 'answer', ...counts, ...answer, ...about };
      default:
        return { type: 'candidates', ...counts, candidates: answer.candidates };
    }
  }
}

/** SPEC.md, JOIN3. */
export function newPeer(): PeerId {
  const secret = randomBytes(16).toString('base64url');
  const digest = createHash('sha256').update(`peerline/1 peer id ${secret}`).digest();
  return digest.subarray(0, 16).toString('base64url') as PeerId;
}
