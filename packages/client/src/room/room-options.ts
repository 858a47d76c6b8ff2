import type { PeerId, Presence } from '@peerline/protocol';
import type { LocalMedia, MessageMap, MessageSchemas } from '../api.ts';
import type { Clock } from '../base/clock.ts';
import type { Subject } from '../diagnosis/diagnose.ts';
import type { Diagnosis } from '../diagnosis/verdicts.ts';
import type { RoomLink } from '../link/room-link.ts';
import type { MediaPlane } from '../peer/media-plane.ts';
import type { RecoveryPolicy } from '../peer/recovery.ts';
import type { Signaling } from '../signaling/signaling.ts';
import type { RoomIce } from './room-ice.ts';
import type { Admission, SealedSignals } from './sealed-signals.ts';
import type { Verifications } from './verifications.ts';

export interface JoinedRoomOptions<M extends MessageMap> {
  readonly id: PeerId;
  readonly link: RoomLink;
  readonly welcome: Admission;
  readonly signaling: Signaling;
  readonly signals: SealedSignals;
  readonly verifications: Verifications;
  readonly clock: Clock;
  readonly ice: RoomIce;
  readonly policy: RecoveryPolicy;
  readonly local: LocalMedia;
  /** Whether the local media were made for this room and end with it. */
  readonly ownsLocal: boolean;
  readonly presence: Presence;
  readonly plane: MediaPlane;
  readonly schemas: MessageSchemas<M>;
  readonly messageMaxBytes: number;
  readonly diagnose: (view: Pick<Subject<M>, 'room' | 'signal'>) => Promise<Diagnosis>;
}
