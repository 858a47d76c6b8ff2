import type { IceServer } from '@peerline/protocol';
import type { RtcEnvironment } from '../api.ts';

export interface RoomIceOptions {
  readonly rtc: RtcEnvironment;
  /** Beside those that the server names. */
  readonly iceServers: readonly RTCIceServer[];
  readonly relayOnly: boolean;
}

/**
 * What a room's connections are configured with. They are all made by a class of its own, in
 * whatever generation, so that new credentials reach each that lives.
 */
export class RoomIce {
  readonly rtc: RtcEnvironment;
  readonly #options: RoomIceOptions;
  readonly #live = new Set<RTCPeerConnection>();
  #named: readonly IceServer[] = [];

  static async create(options: RoomIceOptions): Promise<RoomIce> {
    const { RTCPeerConnection } = options.rtc;
    if (!options.relayOnly) return new RoomIce(options, RTCPeerConnection);
    // Few want it, so few load it.
    const { relayOnly } = await import('./relay-only.ts');
    return new RoomIce(options, relayOnly(RTCPeerConnection));
  }

  private constructor(options: RoomIceOptions, Base: typeof RTCPeerConnection) {
    this.#options = options;
    const live = this.#live;
    this.rtc = {
      ...options.rtc,
      RTCPeerConnection: class extends Base {
        constructor(configuration?: RTCConfiguration) {
          super(configuration);
          live.add(this);
        }
        override close(): void {
          live.delete(this);
          super.close();
        }
      },
    };
  }

  configuration(): RTCConfiguration {
    return {
      iceServers: [...this.#named, ...this.#options.iceServers],
      bundlePolicy: 'max-bundle',
      // Told each time: a configuration without it would lift the policy.
      iceTransportPolicy: this.#options.relayOnly ? 'relay' : 'all',
    };
  }

  /** The server named others, or renewed their credentials (SPEC.md, ICE4). */
  use(named: readonly IceServer[]): void {
    const isNews = JSON.stringify(named) !== JSON.stringify(this.#named);
    this.#named = named;
    if (isNews) for (const pc of this.#live) pc.setConfiguration(this.configuration());
  }
}
