import { runIp } from './commands.ts';
import type { Link } from './link.ts';
import type { LinkEnd } from './switch.ts';

/** Where a host, or a router with NAT, hangs on its router. */
export interface UplinkPlan {
  readonly link: Link;
  /** The device here. */
  readonly lower: LinkEnd;
  /** The device at the router. */
  readonly upper: LinkEnd;
  /** The first three numbers of all addresses on this link. */
  readonly subnet: string;
  /** Different on every link of the lab. */
  readonly number: number;
}

const ROUTER_HOST_PART = 1;
const FIRST_HOST_PART = 2;
const LAST_HOST_PART = 254;

/** One end of a link with its address, its default route and its being up or down. */
export class Uplink {
  readonly link: Link;
  readonly #plan: UplinkPlan;
  #hostPart = FIRST_HOST_PART;

  private constructor(plan: UplinkPlan) {
    this.#plan = plan;
    this.link = plan.link;
  }

  static async connect(plan: UplinkPlan): Promise<Uplink> {
    const uplink = new Uplink(plan);
    const { lower, upper } = plan;
    await runIp(upper.namespace, [
      `link set ${upper.device} address ${uplink.#mac('upper')} up`,
      `addr add ${uplink.gateway}/24 dev ${upper.device}`,
      uplink.#neighbourOfRouter(),
    ]);
    await runIp(lower.namespace, [
      `link set ${lower.device} address ${uplink.#mac('lower')} up`,
      `addr add ${uplink.address}/24 dev ${lower.device}`,
      ...uplink.#wayOut(),
    ]);
    return uplink;
  }

  get address(): string {
    return `${this.#plan.subnet}.${this.#hostPart}`;
  }

  get gateway(): string {
    return `${this.#plan.subnet}.${ROUTER_HOST_PART}`;
  }

  /** Takes another address of the same network in one step; the one before is gone for good. */
  async changeAddress(): Promise<string> {
    const before = this.address;
    this.#hostPart = this.#hostPart === LAST_HOST_PART ? FIRST_HOST_PART : this.#hostPart + 1;
    const { lower, upper } = this.#plan;
    await runIp(upper.namespace, [this.#neighbourOfRouter()]);
    await runIp(lower.namespace, [
      `addr del ${before}/24 dev ${lower.device}`,
      `addr add ${this.address}/24 dev ${lower.device}`,
      ...this.#wayOut(),
    ]);
    return this.address;
  }

  async down(): Promise<void> {
    const { lower } = this.#plan;
    await runIp(lower.namespace, [`link set ${lower.device} down`]);
  }

  async up(): Promise<void> {
    const { lower } = this.#plan;
    await runIp(lower.namespace, [`link set ${lower.device} up`, ...this.#wayOut()]);
  }

  // Neighbours are told rather than asked for: an ARP frame that a link loses would cost a second,
  // and would shift what its seed loses after.
  #wayOut(): readonly string[] {
    const { device } = this.#plan.lower;
    return [
      `neigh replace ${this.gateway} lladdr ${this.#mac('upper')} dev ${device} nud permanent`,
      `route replace default via ${this.gateway} dev ${device}`,
    ];
  }

  #neighbourOfRouter(): string {
    const { device } = this.#plan.upper;
    return `neigh replace ${this.address} lladdr ${this.#mac('lower')} dev ${device} nud permanent`;
  }

  #mac(end: 'lower' | 'upper'): string {
    const number = this.#plan.number.toString(16).padStart(2, '0');
    // The 2 says: given locally, by no maker.
    return `02:00:00:00:${number}:${end === 'lower' ? '02' : '01'}`;
  }
}
