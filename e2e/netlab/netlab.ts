import { randomBytes } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inside, runCommand } from './commands.ts';
import { Host, hostNameOf } from './host.ts';
import { Link, type LinkShape } from './link.ts';
import { NetlabError, SKIP_ADVICE } from './netlab-error.ts';
import { Router, type NatKind } from './router.ts';
import { Switch } from './switch.ts';
import { Uplink } from './uplink.ts';

export interface NetlabOptions {
  /** Decides which frames the links lose, hold and let overtake; 1 where left out. */
  readonly seed?: number;
}

export interface HostOptions {
  /** The router that it hangs on: the internet where left out, else one with NAT. */
  readonly behind?: Router;
  readonly link?: Partial<LinkShape>;
}

export interface RouterOptions {
  readonly nat: NatKind;
  readonly link?: Partial<LinkShape>;
}

/** The device of a host, or of a router with NAT, on its way to the internet. */
const UPLINK_DEVICE = 'eth0';

/**
 * The first number of addresses on the internet of a lab. A network that answers nowhere in public,
 * and yet is none of those that TURN servers refuse and browsers take for a local one. Nothing from
 * inside ever leaves the namespaces.
 */
const INTERNET = '11.0';
/** The same, behind NAT. */
const INNER = '192.168';

/** Numbers of links are the third number of addresses. */
const LINKS_MAX = 254;

/** Short enough to be told apart in a list of processes. */
const NAME = /^[a-z][a-z0-9]{0,15}$/;

/** The settings of every namespace. Chromium takes an IPv6 address that comes late for a new network. */
const SETTINGS = `
echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6
echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6
echo 0 > /proc/sys/net/ipv4/conf/all/rp_filter
echo 0 > /proc/sys/net/ipv4/conf/default/rp_filter
ip link set lo up
`;
const ROUTER_SETTINGS = `${SETTINGS}echo 1 > /proc/sys/net/ipv4/ip_forward\n`;

/** Whether the person asked for no lab; tests that need one then say so in their titles. */
export function isNetlabSkipped(): boolean {
  return process.env['PEERLINE_SKIP_NETLAB'] === '1';
}

/** A network of its own on this machine: hosts, routers, and the links between them. */
export class Netlab {
  /** What the names of all its namespaces begin with. */
  readonly run: string;
  /** Runs of killed owners that were found and removed when this one began. */
  readonly swept: readonly string[];
  readonly internet: Router;
  readonly #seed: number;
  readonly #switch: Switch;
  readonly #directory: string;
  readonly #names = new Set<string>();
  #links = 0;

  /** Use `createNetlab`. */
  constructor(
    run: string,
    directory: string,
    frames: Switch,
    internet: Router,
    options: { readonly seed: number; readonly swept: readonly string[] },
  ) {
    this.run = run;
    this.internet = internet;
    this.swept = options.swept;
    this.#seed = options.seed;
    this.#switch = frames;
    this.#directory = directory;
    this.#names.add(internet.name);
  }

  /** @param name up to 16 small letters and digits, unlike any other in the lab */
  async host(name: string, options: HostOptions = {}): Promise<Host> {
    const router = options.behind ?? this.internet;
    const namespace = await this.#addNamespace(name, SETTINGS);
    const { uplink, port } = await this.#connect(name, namespace, router, options.link);
    const directory = this.#directory;
    // Who runs already sees it as well: it is the same file.
    await appendFile(join(directory, 'hosts'), `${uplink.address} ${hostNameOf(name)}\n`);
    return new Host({ name, namespace, uplink, router, port, directory });
  }

  /** A router with NAT on the internet. */
  async router(name: string, options: RouterOptions): Promise<Router> {
    const namespace = await this.#addNamespace(name, ROUTER_SETTINGS);
    const { uplink } = await this.#connect(name, namespace, this.internet, options.link);
    return Router.behindNat(name, namespace, options.nat, uplink, UPLINK_DEVICE);
  }

  /** Kills everything inside and removes it. The lab is of no use afterwards. */
  async close(): Promise<void> {
    await this.#switch.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #addNamespace(name: string, settings: string): Promise<string> {
    if (!NAME.test(name) || this.#names.has(name)) {
      throw new NetlabError(
        'bad-input',
        `"${name}" is taken, or not 1 to 16 small letters and digits that begin with a letter`,
      );
    }
    this.#names.add(name);
    return await addNamespace(`${this.run}-${name}`, settings);
  }

  async #connect(
    name: string,
    namespace: string,
    router: Router,
    shape: Partial<LinkShape> = {},
  ): Promise<{ readonly uplink: Uplink; readonly port: string }> {
    this.#links += 1;
    const number = this.#links;
    if (number > LINKS_MAX) throw new NetlabError('bad-input', `a lab has ${LINKS_MAX} links`);
    const port = `port${number}`;
    const lower = { namespace, device: UPLINK_DEVICE };
    const upper = { namespace: router.namespace, device: port };
    await this.#switch.link(name, lower, upper, this.#seed);
    const link = new Link(name, this.#switch);
    const network = router === this.internet ? INTERNET : INNER;
    const subnet = `${network}.${number}`;
    const uplink = await Uplink.connect({ link, lower, upper, subnet, number });
    await link.set(shape);
    return { uplink, port };
  }
}

/**
 * Makes a lab with nothing but the internet in it. Needs Linux, root and `/dev/net/tun`.
 *
 * What is left of labs whose owners were killed is removed first.
 *
 * @throws NetlabError where this machine is not fit for one; the message says why
 */
export async function createNetlab({ seed = 1 }: NetlabOptions = {}): Promise<Netlab> {
  requireFitMachine();
  const run = `peerline-${process.pid}-${await startOfThisProcess()}-${randomBytes(4).toString('hex')}`;
  const directory = join(tmpdir(), run);
  await mkdir(directory, { mode: 0o700 });
  await writeFile(join(directory, 'hosts'), '127.0.0.1 localhost\n');
  // Nobody answers there, and says so at once: names are asked for over UDP, which may be blocked.
  await writeFile(join(directory, 'resolv.conf'), 'nameserver 127.0.0.1\n');
  const { started, swept } = await Switch.start(run, directory);
  try {
    const internet = 'internet';
    const namespace = await addNamespace(`${run}-${internet}`, ROUTER_SETTINGS);
    const core = await Router.core(internet, namespace);
    return new Netlab(run, directory, started, core, { seed, swept });
  } catch (error) {
    await started.close();
    throw error;
  }
}

function requireFitMachine(): void {
  if (process.platform !== 'linux') {
    throw new NetlabError('not-linux', `a netlab needs Linux: run the tests there, ${SKIP_ADVICE}`);
  }
  if (process.getuid?.() !== 0) {
    throw new NetlabError(
      'not-root',
      `a netlab makes network namespaces, which only root may: run the tests as root, ${SKIP_ADVICE}`,
    );
  }
  try {
    accessSync('/dev/net/tun', constants.R_OK | constants.W_OK);
  } catch (error) {
    throw new NetlabError(
      'no-tun',
      `/dev/net/tun cannot be opened: load the kernel's tun module, or give the container the device, ${SKIP_ADVICE}`,
      { cause: error },
    );
  }
}

/** @returns the name */
async function addNamespace(namespace: string, settings: string): Promise<string> {
  try {
    await runCommand('ip', ['netns', 'add', namespace]);
  } catch (error) {
    if (error instanceof NetlabError && error.code === 'tool-missing') throw error;
    throw new NetlabError(
      'no-namespaces',
      `a network namespace cannot be made; a container needs the capability SYS_ADMIN for it, ${SKIP_ADVICE}`,
      { cause: error },
    );
  }
  await runCommand(...inside(namespace, 'sh', ['-e']), settings);
  return namespace;
}

/** In clock ticks since the machine began: with the number it names a process for all time. */
async function startOfThisProcess(): Promise<string> {
  const stat = await readFile('/proc/self/stat', 'utf8');
  // The name in brackets, which comes before, may hold spaces and brackets itself.
  const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  if (start === undefined) throw new Error('/proc/self/stat is not as Linux writes it');
  return start;
}
