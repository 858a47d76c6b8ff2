import { runNft } from './commands.ts';
import type { Uplink } from './uplink.ts';

/**
 * What a router does to what passes to the internet (the names of RFC 3489, section 5):
 * - `full-cone`: one public port per inner port, and anyone may send to it.
 * - `port-restricted`: one public port per inner port, and only who was sent to may answer.
 * - `symmetric`: a public port of chance per destination, and only that one may answer.
 *
 * In a full cone two inner hosts that send from the same port are told apart by nothing: the later
 * one gets what strangers send.
 */
export type NatKind = 'full-cone' | 'port-restricted' | 'symmetric';

/** What is dropped between a host and its router, both ways. */
export interface Traffic {
  readonly protocol: 'udp' | 'tcp';
  /** Of the far end; every port where left out. */
  readonly port?: number;
  /** Ports of the far end that are let pass, where no single one is named. */
  readonly except?: readonly number[];
}

/** A namespace that forwards. */
export class Router {
  readonly name: string;
  readonly namespace: string;
  readonly nat: NatKind | undefined;
  readonly #uplink: Uplink | undefined;
  /** By the device that leads to the host. */
  readonly #blocked = new Map<string, Map<string, Traffic>>();
  #blocking: Promise<void> = Promise.resolve();

  private constructor(name: string, namespace: string, nat?: NatKind, uplink?: Uplink) {
    this.name = name;
    this.namespace = namespace;
    this.nat = nat;
    this.#uplink = uplink;
  }

  /** The internet in the middle: no NAT, no uplink. */
  static async core(name: string, namespace: string): Promise<Router> {
    await runNft(namespace, `table ip netlab {\n${BLOCKED}\n}`);
    return new Router(name, namespace);
  }

  /** One with inner hosts, under the one address of its uplink. */
  static async behindNat(
    name: string,
    namespace: string,
    nat: NatKind,
    uplink: Uplink,
    device: string,
  ): Promise<Router> {
    await runNft(namespace, `table ip netlab {\n${BLOCKED}\n${natRules(nat, device)}\n}`);
    return new Router(name, namespace, nat, uplink);
  }

  /** To the internet. @throws Error for the internet itself */
  get uplink(): Uplink {
    if (this.#uplink === undefined) throw new Error(`${this.name} hangs on nothing`);
    return this.#uplink;
  }

  /** Drops traffic of the host behind a device, until `unblock`. */
  async block(device: string, traffic: Traffic): Promise<void> {
    const ofDevice = this.#blocked.get(device) ?? new Map<string, Traffic>();
    this.#blocked.set(device, ofDevice.set(keyOf(traffic), traffic));
    await this.#applyBlocked();
  }

  async unblock(device: string, traffic: Traffic): Promise<void> {
    this.#blocked.get(device)?.delete(keyOf(traffic));
    await this.#applyBlocked();
  }

  // One at a time and always the whole list, so that the last call wins.
  #applyBlocked(): Promise<void> {
    const rules = [...this.#blocked].flatMap(([device, all]) =>
      [...all.values()].flatMap((traffic) => [
        `iifname "${device}" ${matchOf(traffic, 'dport')} drop`,
        `oifname "${device}" ${matchOf(traffic, 'sport')} drop`,
      ]),
    );
    const script = [
      'flush chain ip netlab blocked',
      ...rules.map((rule) => `add rule ip netlab blocked ${rule}`),
    ].join('\n');
    this.#blocking = this.#blocking
      .catch(() => undefined)
      .then(() => runNft(this.namespace, script));
    return this.#blocking;
  }
}

function keyOf({ protocol, port, except = [] }: Traffic): string {
  return `${protocol} ${port ?? `all but ${except.join()}`}`;
}

function matchOf({ protocol, port, except = [] }: Traffic, end: 'sport' | 'dport'): string {
  if (port !== undefined) return `${protocol} ${end} ${port}`;
  if (except.length > 0) return `${protocol} ${end} != { ${except.join(', ')} }`;
  return `meta l4proto ${protocol}`;
}

/** In the forward hook: a drop on the way out of the host itself would be told to the sender. */
const BLOCKED = 'chain blocked { type filter hook forward priority 0; policy accept; }';

function natRules(nat: NatKind, wan: string): string {
  const rules = [
    // Answered from here, a stranger's packet would leave an entry that takes the very port which
    // the inner host's next packet to that stranger is to have; dropped, it leaves none.
    `chain input { type filter hook input priority 0; policy accept;
       iifname "${wan}" meta l4proto { tcp, udp } ct state new drop
     }`,
    `chain inwards { type filter hook forward priority 10; policy accept;
       iifname "${wan}" ct state new ct status & dnat != dnat drop
     }`,
    `chain outwards { type nat hook postrouting priority 100; policy accept;
       oifname "${wan}" masquerade${nat === 'symmetric' ? ' fully-random' : ''}
     }`,
  ];
  if (nat === 'full-cone') {
    rules.unshift(
      'map inner { type inet_service : ipv4_addr; flags dynamic,timeout; timeout 1h; size 65535; }',
      `chain learn { type filter hook postrouting priority 90; policy accept;
         oifname "${wan}" meta l4proto udp update @inner { udp sport : ip saddr }
       }`,
      `chain toinner { type nat hook prerouting priority -100; policy accept;
         iifname "${wan}" dnat to udp dport map @inner
       }`,
    );
  }
  return rules.join('\n');
}
