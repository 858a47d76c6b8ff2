import './sent.ts';
import { joinRoom, type MessageAction, type Room } from 'trystero';
import { Bench, type Caller, type JoinInput } from './bench.ts';

/** Trystero over a Nostr relay of one's own. For two: peers have no names, so there is one other. */
class TrysteroCaller implements Caller {
  readonly #bench: Bench;
  #stream: MediaStream | undefined;
  #text: MessageAction<string> | undefined;
  readonly #peers: string[] = [];

  constructor(bench: Bench) {
    this.#bench = bench;
  }

  newRoom(): string {
    return crypto.randomUUID();
  }

  /** Sockets belong to the page and not to a room, so another room brings them up. */
  async warm({ server }: JoinInput): Promise<void> {
    await this.#openDevices();
    this.#enter(server, `lobby-${crypto.randomUUID()}`);
  }

  async join({ server, room: name, others }: JoinInput): Promise<void> {
    await this.#openDevices();
    const stream = this.#stream;
    const room = this.#enter(server, name);
    const other = others[0] ?? 'ben';
    const text = room.makeAction<string>('text');
    this.#text = text;
    text.onMessage = (message) => this.#bench.hear(other, message);
    room.onPeerJoin = (peer) => {
      this.#peers.push(peer);
      this.#bench.made(other);
      if (stream !== undefined) void Promise.all(room.addStream(stream, { target: peer }));
    };
    room.onPeerStream = (remote) => {
      for (const track of remote.getVideoTracks()) this.#bench.show(other, track);
    };
  }

  send(_to: string, text: string): void {
    if (this.#peers.length === 0) throw new Error('nobody is here');
    this.#text?.send(text).catch(() => undefined);
  }

  shareScreen(): Promise<void> {
    return Promise.reject(new Error('no scenario shares a screen over Trystero'));
  }

  async #openDevices(): Promise<void> {
    this.#stream ??= await navigator.mediaDevices.getUserMedia({ video: true, audio: true });
  }

  #enter(server: string, name: string): Room {
    const url = server.replace(/^http/, 'ws');
    return joinRoom(
      { appId: 'peerline-bench', relayConfig: { urls: [url] }, rtcConfig: { iceServers: [] } },
      name,
    );
  }
}

window.bench = new Bench();
window.bench.use(new TrysteroCaller(window.bench));
