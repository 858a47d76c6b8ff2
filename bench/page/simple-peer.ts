import './connections.ts';
import './sent.ts';
// As its README says for pages without Node's built-in modules.
import SimplePeer from 'simple-peer/simplepeer.min.js';
import type { Instance, SignalData } from 'simple-peer';
import { io, type Socket } from 'socket.io-client';
import { Bench, type Caller, type JoinInput } from './bench.ts';

/** A connection that is not there by then is given up; a call over a slow path takes 3 s. */
const DIAL_MAX_MS = 10_000;
const RETRY_MS = 1_000;

interface Signal {
  /** Tells the signals of one connection from those of the one before. */
  readonly call: string;
  /** `again` asks the one who begins to begin anew. */
  readonly data: SignalData | 'again';
}

interface Line {
  readonly call: string;
  readonly peer: Instance;
  readonly isInitiator: boolean;
}

/**
 * simple-peer over a relay of Socket.IO: trickled candidates, one peer per other. One that closes or fails is destroyed, and its initiator makes a new one. A peer that
 * lives is never touched because signaling went or came.
 */
class SimplePeerCaller implements Caller {
  readonly #bench: Bench;
  readonly #lines = new Map<string, Line>();
  #socket: Socket | undefined;
  #stream: MediaStream | undefined;
  #name = '';

  constructor(bench: Bench) {
    this.#bench = bench;
  }

  newRoom(): string {
    return crypto.randomUUID();
  }

  async warm({ server, name, transports }: JoinInput, room?: string): Promise<void> {
    this.#name = name;
    this.#stream = await navigator.mediaDevices.getUserMedia({ video: true, audio: true });
    // It connects again by itself, and says each time who it is.
    const socket = io(server, {
      auth: { room, name },
      ...(transports === undefined ? {} : { transports: [...transports] }),
    });
    this.#socket = socket;
    socket.on('signal', ({ from, ...signal }: Signal & { from: string }) =>
      this.#take(from, signal),
    );
    socket.on('members', (others: readonly string[]) => {
      for (const other of others) this.#meet(other);
    });
    socket.on('joined', (other: string) => this.#meet(other));
    await new Promise<void>((resolve) => {
      socket.once(room === undefined ? 'connect' : 'members', () => resolve());
    });
  }

  async join(input: JoinInput): Promise<void> {
    if (this.#socket === undefined) await this.warm(input, input.room);
    else this.#socket.emit('join', input.room);
  }

  send(to: string, text: string): void {
    const peer = this.#lines.get(to)?.peer;
    if (peer?.connected !== true) throw new Error(`no peer with ${to} is connected`);
    peer.send(text);
  }

  async shareScreen(): Promise<void> {
    const screen = await navigator.mediaDevices.getDisplayMedia({ video: true });
    for (const { peer } of this.#lines.values()) peer.addStream(screen);
  }

  /** Whoever is here and has no peer gets one, begun by the one of the smaller name. */
  #meet(other: string): void {
    if (!this.#lines.has(other) && this.#name < other) this.#dial(other);
  }

  #dial(other: string): void {
    // Without the server the offer would go nowhere; `members` comes back to it.
    if (this.#socket?.connected !== true) return;
    const line = this.#make(other, crypto.randomUUID(), true);
    setTimeout(() => {
      if (!line.peer.connected) line.peer.destroy();
    }, DIAL_MAX_MS);
  }

  #take(from: string, { call, data }: Signal): void {
    const line = this.#lines.get(from);
    if (data === 'again') {
      if (line?.call === call) line.peer.destroy();
      return;
    }
    if (line?.call === call) {
      line.peer.signal(data);
      return;
    }
    // What is late of a connection before begins nothing.
    if (typeof data === 'string' || data.type !== 'offer') return;
    line?.peer.destroy();
    this.#make(from, call, false).peer.signal(data);
  }

  #make(other: string, call: string, isInitiator: boolean): Line {
    const peer = new SimplePeer({
      initiator: isInitiator,
      trickle: true,
      config: { iceServers: [] },
      ...(this.#stream === undefined ? {} : { stream: this.#stream }),
    });
    const line: Line = { call, peer, isInitiator };
    this.#lines.set(other, line);
    this.#bench.made(other);
    peer.on('signal', (data: SignalData) => this.#signal(other, { call, data }));
    peer.on('track', (track: MediaStreamTrack) => this.#bench.show(other, track));
    peer.on('data', (text: Uint8Array) => this.#bench.hear(other, new TextDecoder().decode(text)));
    // `close` follows each `error`.
    peer.on('error', () => undefined);
    peer.on('close', () => this.#lost(other, line));
    return line;
  }

  #lost(other: string, line: Line): void {
    if (this.#lines.get(other) !== line) return;
    this.#lines.delete(other);
    if (!line.isInitiator) {
      this.#signal(other, { call: line.call, data: 'again' });
      return;
    }
    setTimeout(() => {
      this.#meet(other);
    }, RETRY_MS);
  }

  #signal(to: string, signal: Signal): void {
    this.#socket?.emit('signal', { to, ...signal });
  }
}

window.bench = new Bench();
window.bench.use(new SimplePeerCaller(window.bench));
