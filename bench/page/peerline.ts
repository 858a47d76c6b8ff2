import './connections.ts';
import './sent.ts';
import {
  createLocalMedia,
  createRoomLink,
  formatRoomLink,
  joinRoom,
  type LocalMedia,
  type Peer,
  type Room,
} from 'peerline';
import { Bench, type Caller, type JoinInput } from './bench.ts';

type Messages = { readonly text: string };

/** Peerline as its README shows it. Nothing here deals with faults. */
class PeerlineCaller implements Caller {
  readonly #bench: Bench;
  #room: Room<Messages> | undefined;
  #local: LocalMedia | undefined;

  constructor(bench: Bench) {
    this.#bench = bench;
  }

  newRoom(): string {
    return formatRoomLink(createRoomLink());
  }

  /** Devices alone: a connection to the server is made by joining. */
  async warm(): Promise<void> {
    this.#local = createLocalMedia();
    await this.#local.camera.enable();
    await this.#local.microphone.enable();
  }

  async join({ server, room: link, name }: JoinInput): Promise<void> {
    const room = await joinRoom<Messages>({
      url: server,
      room: link,
      presence: { name },
      ...(this.#local === undefined ? {} : { local: this.#local }),
    });
    this.#room = room;
    room.on('peer', (peer) => this.#meet(peer));
    room.on('message', ({ from, payload }) => this.#bench.hear(nameOf(from), payload));
    if (this.#local !== undefined) return;
    await room.local.camera.enable();
    await room.local.microphone.enable();
  }

  send(to: string, text: string): void {
    const peers = [...(this.#room?.peers.values() ?? [])];
    const peer = peers.find((one) => nameOf(one) === to);
    if (peer === undefined) throw new Error(`${to} is not here`);
    peer.send('text', text).catch(() => undefined);
  }

  async shareScreen(): Promise<void> {
    await this.#room?.local.screen.enable();
  }

  #meet(peer: Peer<Messages>): void {
    // The name may come with the first offer only, and always before the first track.
    let isMade = false;
    const make = (): void => {
      if (isMade || nameOf(peer) === '') return;
      isMade = true;
      this.#bench.made(nameOf(peer));
    };
    make();
    peer.on('presence', make);
    peer.on('track', ({ track }) => this.#bench.show(nameOf(peer), track));
  }
}

function nameOf(peer: Peer<Messages>): string {
  const name = peer.presence['name'];
  return typeof name === 'string' ? name : '';
}

window.bench = new Bench();
window.bench.use(new PeerlineCaller(window.bench));
