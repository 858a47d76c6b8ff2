import type { IceServersUpdate } from '@peerline/protocol';
import type { IceGrant } from '../ice-servers.ts';

/** New credentials come while the old ones still last for a fifth of their life (SPEC.md, ICE3). */
const RENEW_AT = 0.8;

/** Renews one member's credentials for as long as its connection lasts. */
export class IceRenewal {
  readonly #grant: () => IceGrant;
  readonly #tell: (update: IceServersUpdate) => void;
  #timer: NodeJS.Timeout | undefined;

  /** @param grant makes new credentials with each call */
  constructor(grant: () => IceGrant, tell: (update: IceServersUpdate) => void) {
    this.#grant = grant;
    this.#tell = tell;
  }

  /** @param ttlMs of the credentials that the member has; nothing is renewed where they last for good */
  start(ttlMs: number | undefined): void {
    if (ttlMs === undefined) return;
    this.#timer = setTimeout(() => {
      const { iceServers, ttlMs: nextMs } = this.#grant();
      if (nextMs === undefined) return;
      this.#tell({ iceServers, ttlMs: nextMs });
      this.start(nextMs);
    }, ttlMs * RENEW_AT);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
