import './connections.ts';
import './sent.ts';
import type { DataConnection, MediaConnection, Peer } from 'peerjs';
import { Bench, type Caller, type JoinInput } from './bench.ts';
import { peerAt } from './peer-at.ts';

/** Its documentation leaves the time to whoever calls `reconnect`. */
const RETRY_MS = 1_000;
/** PeerServer tells a caller after 5 s (`expire_timeout`) that nobody took the call. */
const DIAL_MAX_MS = 6_000;

/** What there is with one other: a call each way of media and data, as PeerJS has them apart. */
interface Line {
  call?: MediaConnection;
  data?: DataConnection;
}

/**
 * PeerJS as its documentation has it: `reconnect` whenever `disconnected` is told, and whoever
 * called calls again when a connection closes or does not come about.
 */
class PeerJsCaller implements Caller {
  readonly #bench: Bench;
  readonly #lines = new Map<string, Line>();
  #peer: Peer | undefined;
  #stream: MediaStream | undefined;

  constructor(bench: Bench) {
    this.#bench = bench;
  }

  /** There are no rooms; people know each other's ids. */
  newRoom(): string {
    return '';
  }

  async warm({ server, name }: JoinInput): Promise<void> {
    this.#stream = await navigator.mediaDevices.getUserMedia({ video: true, audio: true });
    const peer = peerAt(server, name);
    this.#peer = peer;
    const opened = new Promise<void>((resolve, reject) => {
      peer.once('open', () => resolve());
      peer.once('error', reject);
    });
    peer.on('disconnected', () => this.#later(() => this.#reconnect()));
    peer.on('error', () => undefined);
    peer.on('call', (call) => this.#answer(call));
    peer.on('connection', (data) => this.#takeData(data));
    await opened;
  }

  async join(input: JoinInput): Promise<void> {
    if (this.#peer === undefined) await this.warm(input);
    for (const other of input.others) {
      this.#call(other);
      this.#connect(other);
    }
  }

  send(to: string, text: string): void {
    const data = this.#lines.get(to)?.data;
    if (data?.open !== true) throw new Error(`no data connection with ${to} is open`);
    void data.send(text);
  }

  async shareScreen(): Promise<void> {
    const screen = await navigator.mediaDevices.getDisplayMedia({ video: true });
    // A call carries what it began with, so a screen is a call of its own.
    for (const other of this.#lines.keys()) {
      this.#peer?.call(other, screen, { metadata: { kind: 'screen' } });
    }
  }

  #reconnect(): void {
    if (this.#peer?.disconnected === true && !this.#peer.destroyed) this.#peer.reconnect();
  }

  #call(other: string): void {
    const call = this.#stream === undefined ? undefined : this.#peer?.call(other, this.#stream, {});
    const again = (): void => this.#later(() => this.#call(other));
    // Undefined while disconnected from the server, whatever its types say.
    if (!isMade(call)) {
      again();
      return;
    }
    this.#keepCall(call);
    this.#watchDialling(
      () => call.remoteStream !== undefined && call.remoteStream !== null,
      () => call.close(),
      again,
      (onEnd) => call.on('close', onEnd),
    );
  }

  #connect(other: string): void {
    const data = this.#peer?.connect(other, { reliable: true });
    const again = (): void => this.#later(() => this.#connect(other));
    if (!isMade(data)) {
      again();
      return;
    }
    this.#keepData(data);
    this.#watchDialling(
      () => data.open,
      () => data.close(),
      again,
      (onEnd) => data.on('close', onEnd),
    );
  }

  /** Calls again once, on whichever comes first: it closes, or is not there in time. */
  #watchDialling(
    isThere: () => boolean,
    close: () => void,
    again: () => void,
    onClose: (onEnd: () => void) => unknown,
  ): void {
    let isOver = false;
    const end = (): void => {
      if (isOver) return;
      isOver = true;
      again();
    };
    onClose(end);
    setTimeout(() => {
      if (isThere() || isOver) return;
      close();
      end();
    }, DIAL_MAX_MS);
  }

  #answer(call: MediaConnection): void {
    const metadata: unknown = call.metadata;
    if (isScreen(metadata)) {
      call.on('stream', (stream) => this.#show(call.peer, stream));
      call.answer();
      return;
    }
    // Who calls anew has given the call before up.
    this.#lines.get(call.peer)?.call?.close();
    // It has its `peerConnection` from here on; the stream comes later.
    call.answer(this.#stream);
    this.#keepCall(call);
  }

  #takeData(data: DataConnection): void {
    this.#lines.get(data.peer)?.data?.close();
    this.#keepData(data);
  }

  #keepCall(call: MediaConnection): void {
    this.#lineOf(call.peer).call = call;
    closeOnFailure(call);
    this.#bench.made(call.peer);
    // Told once per track, with the same stream.
    let shown: MediaStream | undefined;
    call.on('stream', (stream) => {
      if (shown === stream) return;
      shown = stream;
      this.#show(call.peer, stream);
    });
    call.on('error', () => undefined);
  }

  #keepData(data: DataConnection): void {
    this.#lineOf(data.peer).data = data;
    closeOnFailure(data);
    data.on('data', (text) => this.#bench.hear(data.peer, String(text)));
    data.on('error', () => undefined);
  }

  #lineOf(other: string): Line {
    const line = this.#lines.get(other) ?? {};
    this.#lines.set(other, line);
    return line;
  }

  #show(from: string, stream: MediaStream): void {
    for (const track of stream.getVideoTracks()) this.#bench.show(from, track);
    stream.addEventListener('addtrack', ({ track }) => this.#bench.show(from, track));
  }

  #later(run: () => void): void {
    setTimeout(run, RETRY_MS);
  }
}

/**
 * PeerJS closes what fails by `iceConnectionState`. In Chromium 156 that stays `disconnected` while
 * `connectionState` says `failed`, so that by itself nothing would ever close here.
 */
function closeOnFailure(connection: MediaConnection | DataConnection): void {
  const line = connection.peerConnection;
  line?.addEventListener('connectionstatechange', () => {
    if (line.connectionState === 'failed') connection.close();
  });
}

function isMade<T>(connection: T | undefined): connection is T {
  return connection !== undefined;
}

function isScreen(metadata: unknown): boolean {
  return (
    typeof metadata === 'object' &&
    metadata !== null &&
    'kind' in metadata &&
    metadata.kind === 'screen'
  );
}

window.bench = new Bench();
window.bench.use(new PeerJsCaller(window.bench));
