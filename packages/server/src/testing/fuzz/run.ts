import { Random } from '../random.ts';
import { AttackedServer, type Memory } from './attacked-server.ts';
import { Bystander } from './bystander.ts';
import { EngineLayer } from './engine-layer.ts';
import type { Layer } from './options.ts';
import { SchemaLayer } from './schema-layer.ts';
import { SocketLayer } from './socket-layer.ts';

export interface FuzzReport {
  readonly seed: number;
  readonly inputs: Readonly<Partial<Record<Layer, number>>>;
  readonly seconds: number;
  /** After warming up, at half, and at the end; each after garbage collection, with no attacker there. */
  readonly memory: readonly Memory[];
  readonly grownBytes: number;
  readonly bystander: { readonly signals: number; readonly p50Ms: number; readonly p99Ms: number };
  readonly faults: readonly string[];
}

export interface FuzzOptions {
  readonly inputs: number;
  readonly seed: number;
  readonly layers: readonly Layer[];
  /** Called with what has been done so far. */
  readonly onProgress: (inputs: number) => void;
}

/** Many, since most wait: those of the engine layer for answers that need not come. */
const ATTACKERS = { engine: 96, socket: 24 } as const;
/** An input of the engine layer takes a connection or a part of one, and so ten times as long as others. */
const SHARES: Readonly<Record<Layer, number>> = { engine: 1, socket: 2, schema: 2 };
/** Until code is compiled and buffers have their size, memory grows whatever comes in. */
const WARM_UP_PART = 0.1;
/** Of a process of 70 MB or more, in the second half. */
export const GROWTH_MAX_BYTES = 10 * 1024 * 1024;
/** For as long the transport holds on to what it closed without being heard; it would look like a leak. */
const LINGER_MS = 35_000;
/** Below it there is too little of that to matter, and no time for it in each run of the tests. */
const LINGER_FROM_INPUTS = 100_000;
/** The schema layer runs in this process: in pieces, so that others have their turn. */
const SCHEMA_BATCH = 20;

/** Attacks a server with so many inputs, and tells what came of it. */
export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const startedAtMs = performance.now();
  const server = await AttackedServer.start();
  try {
    const bystander = await Bystander.join(server.url);
    const attack = new Attack(options, server, bystander.peer);
    const memory: Memory[] = [];
    for (const part of [WARM_UP_PART, 0.5, 1]) {
      await attack.until(part);
      if (!server.isUp) break;
      const open = await server.quiet(1);
      if (open > 1) server.faults.push(`${open - 1} connections of nobody are still open`);
      if (options.inputs >= LINGER_FROM_INPUTS) {
        await new Promise((resolve) => setTimeout(resolve, LINGER_MS));
      }
      memory.push(await server.measure());
    }
    await bystander.leave();
    const [, half, end] = memory;
    const grownBytes = half && end ? end.rssBytes - half.rssBytes : 0;
    const faults = [...server.faults, ...bystander.faults, ...attack.faults];
    if (grownBytes > GROWTH_MAX_BYTES) faults.push(`the server grew by ${grownBytes} bytes`);
    return {
      seed: options.seed,
      inputs: Object.fromEntries(attack.inputs),
      seconds: Math.round((performance.now() - startedAtMs) / 1_000),
      ...{ memory, grownBytes, faults },
      bystander: {
        signals: bystander.timesMs.length,
        ...{ p50Ms: bystander.quantileMs(0.5), p99Ms: bystander.quantileMs(0.99) },
      },
    };
  } finally {
    server.end();
  }
}

/** All layers, each with its share of the inputs. */
class Attack {
  readonly inputs = new Map<Layer, number>();
  readonly #options: FuzzOptions;
  readonly #server: AttackedServer;
  readonly #schema: SchemaLayer;
  readonly #sockets: readonly SocketLayer[];
  readonly #engines: readonly EngineLayer[];

  constructor(options: FuzzOptions, server: AttackedServer, victim: string) {
    this.#options = options;
    this.#server = server;
    // Each has chance of its own, so that it does the same whatever the others do meanwhile.
    const random = (layer: number, index: number): Random =>
      new Random(options.seed + layer * 1_000 + index);
    const indexes = (length: number): number[] => Array.from({ length }, (_, index) => index);
    const { port } = server;
    this.#schema = new SchemaLayer(random(0, 0));
    this.#sockets = indexes(ATTACKERS.socket).map(
      (index) => new SocketLayer(port, random(1, index), [victim]),
    );
    this.#engines = indexes(ATTACKERS.engine).map(
      (index) => new EngineLayer(port, random(2, index)),
    );
  }

  get faults(): readonly string[] {
    const unanswered = this.#sockets.reduce((sum, layer) => sum + layer.unanswered, 0);
    const silent = unanswered > 0 ? [`${unanswered} batches were not answered`] : [];
    return [...silent, ...this.#schema.faults];
  }

  /** Goes on until this part of all inputs has been sent, and lets go of all connections. */
  async until(part: number): Promise<void> {
    const { layers, inputs } = this.#options;
    const shares = layers.reduce((sum, layer) => sum + SHARES[layer], 0);
    for (const layer of layers) {
      const limit = Math.ceil(((inputs * SHARES[layer]) / shares) * part);
      switch (layer) {
        case 'schema':
          await this.#schemaUntil(limit);
          break;
        case 'socket':
          await Promise.all(this.#sockets.map((one) => this.#attackUntil(layer, limit, one)));
          for (const one of this.#sockets) one.stop();
          break;
        case 'engine':
          await Promise.all(this.#engines.map((one) => this.#attackUntil(layer, limit, one)));
          break;
      }
    }
  }

  async #attackUntil(layer: Layer, limit: number, one: SocketLayer | EngineLayer): Promise<void> {
    while (this.#sent(layer) < limit && this.#server.isUp) this.#count(layer, await one.attack());
  }

  async #schemaUntil(limit: number): Promise<void> {
    while (this.#sent('schema') < limit) {
      this.#count('schema', this.#schema.attack(SCHEMA_BATCH));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #sent(layer: Layer): number {
    return this.inputs.get(layer) ?? 0;
  }

  #count(layer: Layer, more: number): void {
    this.inputs.set(layer, this.#sent(layer) + more);
    this.#options.onProgress([...this.inputs.values()].reduce((sum, one) => sum + one, 0));
  }
}
