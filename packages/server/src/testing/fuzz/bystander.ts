import { io, type Socket } from 'socket.io-client';
import { joinRequest } from '../identity.ts';

const SIGNAL_EVERY_MS = 100;
/** Nobody is served at all where an answer takes longer. */
const JOIN_MAX_MS = 10_000;

/** Someone who is in a call while others attack: it relays to itself (SPEC.md, RELAY6) and counts. */
export class Bystander {
  readonly #socket: Socket;
  readonly peer: string;
  readonly #sentAtMs = new Map<string, number>();
  readonly timesMs: number[] = [];
  #sent = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly faults: string[] = [];

  private constructor(url: string) {
    const join = joinRequest();
    this.peer = join.peer;
    this.#socket = io(url, { auth: { ...join }, transports: ['websocket'], reconnection: false });
  }

  static async join(url: string): Promise<Bystander> {
    const bystander = new Bystander(url);
    const socket = bystander.#socket;
    await new Promise((resolve, reject) => {
      socket.once('welcome', resolve);
      socket.once('connect_error', reject);
      setTimeout(() => reject(new Error('no welcome')), JOIN_MAX_MS).unref();
    });
    socket.onAny((event: string, data: unknown) => bystander.#take(event, data));
    socket.on('disconnect', (reason) => bystander.faults.push(`disconnected: ${reason}`));
    bystander.#timer = setInterval(() => bystander.#signal(), SIGNAL_EVERY_MS);
    return bystander;
  }

  /** Waits for what is still on its way, and leaves. */
  async leave(): Promise<void> {
    clearInterval(this.#timer);
    const deadlineMs = performance.now() + JOIN_MAX_MS;
    while (this.#sentAtMs.size > 0 && performance.now() < deadlineMs) {
      await new Promise((resolve) => setTimeout(resolve, SIGNAL_EVERY_MS));
    }
    if (this.#sentAtMs.size > 0) this.faults.push(`${this.#sentAtMs.size} signals never came back`);
    this.#socket.off('disconnect');
    this.#socket.disconnect();
  }

  quantileMs(part: number): number {
    const sorted = this.timesMs.toSorted((one, other) => one - other);
    return Math.round((sorted[Math.floor(sorted.length * part)] ?? 0) * 10) / 10;
  }

  #signal(): void {
    const body = String((this.#sent += 1));
    this.#sentAtMs.set(body, performance.now());
    this.#socket.emit('signal', { to: this.peer, body });
  }

  #take(event: string, data: unknown): void {
    const body = bodyOf(data);
    const sentAtMs = body === undefined ? undefined : this.#sentAtMs.get(body);
    if (event !== 'signal' || body === undefined || sentAtMs === undefined) {
      this.faults.push(`heard what was not for it: ${event}`);
      return;
    }
    this.#sentAtMs.delete(body);
    this.timesMs.push(performance.now() - sentAtMs);
  }
}

function bodyOf(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null || !('body' in data)) return undefined;
  return typeof data.body === 'string' ? data.body : undefined;
}
