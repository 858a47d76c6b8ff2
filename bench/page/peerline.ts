import './connections.ts';
import './sent.ts';
import {
  createLocalMedia,
  createRoomLink,
  enterLobby,
  formatRoomLink,
  joinRoom,
  type LocalMedia,
  type Peer,
  type Room,
  type Visit,
} from 'peerline';
import { Bench, type Caller, type JoinInput } from './bench.ts';

type Messages = { readonly text: string };

/** Peerline as its README shows it. Nothing here deals with faults. */
class PeerlineCaller implements Caller {
  readonly #bench: Bench;
  #room: Room<Messages> | undefined;
  #local: LocalMedia | undefined;
  #visit: Visit<Messages> | undefined;

  constructor(bench: Bench) {
    this.#bench = bench;
  }

  newRoom(): string {
    return formatRoomLink(createRoomLink());
  }

  async warm({ server, room, ahead: connect = 'server' }: JoinInput): Promise<void> {
    const local = createLocalMedia();
    this.#local = local;
    this.#visit = await enterLobby<Messages>({ url: server, room, local, connect });
    await local.camera.enable();
    await local.microphone.enable();
  }

  async join({ server, room: link, name }: JoinInput): Promise<void> {
    const presence = { name };
    const local = this.#local ?? createLocalMedia();
    // While the server is connected to; where they are open already, nothing happens.
    const devices = Promise.all([local.camera.enable(), local.microphone.enable()]);
    const room = await (this.#visit === undefined
      ? joinRoom<Messages>({ url: server, room: link, local, presence })
      : this.#visit.join({ presence }));
    this.#room = room;
    room.on('peer', (peer) => this.#meet(peer));
    room.on('message', ({ from, payload }) => this.#bench.hear(nameOf(from), payload));
    await devices;
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
