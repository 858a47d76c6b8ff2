import type { JoinDoor, PeerId, Presence } from '@peerline/protocol';
import type { LocalMedia, MessageMap, MessageSchemas } from '../api.ts';
import type { Clock } from '../base/clock.ts';
import type { Subject } from '../diagnosis/diagnose.ts';
import type { Diagnosis } from '../diagnosis/verdicts.ts';
import type { RoomLink } from '../link/room-link.ts';
import type { MediaPlane } from '../peer/media-plane.ts';
import type { RecoveryPolicy } from '../peer/recovery.ts';
import type { MovableSignaling } from './movable-signaling.ts';
import type { RoomIce } from './room-ice.ts';
import type { SessionMaker } from './room-session.ts';
import type { Admission, SealedSignals } from './sealed-signals.ts';
import type { Verifications } from './verifications.ts';

export interface JoinedRoomOptions<M extends MessageMap> {
  readonly id: PeerId;
  readonly link: RoomLink;
  /** What the room is to be where it is new, as this side asked. */
  readonly door: JoinDoor;
  readonly password: string | undefined;
  readonly maker: SessionMaker;
  readonly welcome: Admission;
  readonly signaling: MovableSignaling;
  readonly signals: SealedSignals;
  readonly verifications: Verifications;
  readonly clock: Clock;
  readonly ice: RoomIce;
  readonly policy: RecoveryPolicy;
  readonly local: LocalMedia;
  /** Whether the local media were made for this room and end with it. */
  readonly ownsLocal: boolean;
  readonly presence: Presence;
  /** In the lobby nothing is shared with anyone, and nobody knows of this side (SPEC.md, VISIT5). */
  readonly stage: 'lobby' | 'inside';
  readonly plane: MediaPlane;
  readonly schemas: MessageSchemas<M>;
  readonly messageMaxBytes: number;
  readonly diagnose: (view: Pick<Subject<M>, 'room' | 'signal'>) => Promise<Diagnosis>;
}
