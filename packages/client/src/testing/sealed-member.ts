import {
  PROTOCOL_VERSION,
  type Card,
  type Envelope,
  type PeerId,
  type RoomId,
} from '@peerline/protocol';
import { createIdentity, deriveRoomId, deriveRoomSecret } from '../link/room-keys.ts';
import type { RoomLink } from '../link/room-link.ts';
import { SealedSignals, type SealedSignalsEvents } from '../room/sealed-signals.ts';
import { RoomSeal } from '../seal/room-seal.ts';
import type { MemorySignaling, MemorySwitchboard } from './memory-signaling.ts';

/** An event's name and what came with it. */
type ToldOf = { [E in keyof SealedSignalsEvents]: readonly [E, SealedSignalsEvents[E]] };
export type Told = ToldOf[keyof ToldOf];

/** One that joined with real keys, and all that its room would hear. */
export class SealedMember {
  readonly id: PeerId;
  readonly card: Card;
  readonly signaling: MemorySignaling;
  readonly signals: SealedSignals;
  readonly told: Told[] = [];
  readonly #wakers = new Set<() => void>();

  private constructor(id: PeerId, seal: RoomSeal, signaling: MemorySignaling) {
    this.id = id;
    this.card = seal.card;
    this.signaling = signaling;
    this.signals = new SealedSignals(signaling, seal);
    const types = ['welcome', 'joined', 'left', 'signal', 'forged'] as const;
    for (const type of types) {
      this.signals.on(type, (detail) => {
        this.told.push([type, detail] as Told);
        for (const wake of this.#wakers) wake();
      });
    }
  }

  /** @param link which it derives its keys from; the room may be another's */
  static async join(
    switchboard: MemorySwitchboard,
    link: RoomLink,
    room?: RoomId,
  ): Promise<SealedMember> {
    const { peer, secret } = await createIdentity();
    const id = room ?? (await deriveRoomId(link));
    const roomSecret = await deriveRoomSecret(link);
    const seal = await RoomSeal.create(link, { room: id, peer });
    const member = new SealedMember(peer, seal, switchboard.connection());
    const self = { room: id, roomSecret, peer, secret, card: member.card };
    member.signaling.connect({ protocol: PROTOCOL_VERSION, ...self });
    await member.hears(1);
    return member;
  }

  async hears(count: number): Promise<readonly Told[]> {
    while (this.told.length < count) {
      await new Promise<void>((resolve) => {
        this.#wakers.add(resolve);
      });
    }
    return this.told;
  }

  async say(to: SealedMember, envelope: Envelope): Promise<string> {
    const body = await this.signals.seal(to.id, envelope);
    if (body === undefined) throw new Error('not sealed');
    return body;
  }

  /** As the server would hand it on. */
  given(from: PeerId, body: string): void {
    this.signaling.deliver({ event: 'signal', data: { from, body } });
  }
}
