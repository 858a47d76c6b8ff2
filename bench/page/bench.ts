import { PictureWatch, showTrack } from '../../e2e/page/picture.ts';

/** Where a page goes and whom it will find there. */
export interface JoinInput {
  readonly server: string;
  readonly room: string;
  readonly name: string;
  /** Those who are in the call already, for libraries that know no rooms. */
  readonly others: readonly string[];
  /** How far the lobby goes ahead, for libraries that can connect to those inside as well. */
  readonly ahead?: 'server' | 'peers';
  /** Ways to the server, for libraries that leave it to their user. */
  readonly transports?: readonly ('polling' | 'websocket')[];
}

/** A library as an application uses it. What happens on the line it tells its `Bench`. */
export interface Caller {
  /** A name for a new room. */
  newRoom(): string;
  /**
   * What the library lets an application do in the lobby, before anyone clicks: devices opened, and
   * the server connected. Nobody else learns of it.
   */
  warm(input: JoinInput): Promise<void>;
  /** Goes in with camera and microphone. Rejects where the server cannot be reached. */
  join(input: JoinInput): Promise<void>;
  /** Hands a text to the line. One that is down may throw, or lose it. */
  send(to: string, text: string): void;
  shareScreen(): Promise<void>;
}

interface Picture {
  readonly from: string;
  readonly watch: PictureWatch;
  /** Undefined until a frame could be read. */
  kind: 'camera' | 'screen' | undefined;
}

/** How a picture has fared since a moment. */
export interface PictureTimes {
  /** The longest time without a frame, the one before the moment included, and the one running now. */
  readonly longestGapMs: number;
  /** When the last interruption ended; undefined where there was none. */
  readonly backAtMs: number | undefined;
  /** For how long frames have come without an interruption by now; 0 while none come. */
  readonly steadyMs: number;
}

/** Cameras draw 15 frames a second; a second without any is seen by everyone. */
const INTERRUPTION_MS = 1_000;

/** Short beside every time that is measured. */
const PING_EVERY_MS = 100;

/** What the measurements ask of a page, the same for every library. */
export class Bench {
  readonly #pictures: Picture[] = [];
  readonly #objects = new Map<string, number>();
  /** When the answer came, by who answered and the number of the question. */
  readonly #pongs = new Map<string, number>();
  #caller: Caller | undefined;
  #pings = 0;

  /** Takes the library, which was made with this bench in hand. */
  use(caller: Caller): void {
    this.#caller = caller;
  }

  get caller(): Caller {
    if (this.#caller === undefined) throw new Error('the page has no library');
    return this.#caller;
  }

  /** The library made an object for its connection with that one. */
  made(from: string): void {
    this.#objects.set(from, (this.#objects.get(from) ?? 0) + 1);
  }

  /** A track of that one arrived. */
  show(from: string, track: MediaStreamTrack): void {
    if (track.kind !== 'video') return;
    this.#pictures.push({ from, watch: new PictureWatch(showTrack(track)), kind: undefined });
  }

  /** A text of that one arrived. */
  hear(from: string, text: string): void {
    const [kind, number] = text.split(' ');
    if (kind === 'ping') this.caller.send(from, `pong ${number}`);
    else this.#pongs.set(`${from} ${number}`, Date.now());
  }

  /** How many objects were made for that one by now. */
  objects(from: string): number {
    return this.#objects.get(from) ?? 0;
  }

  /** Which of the page's connections stand, by the order in which they were made. */
  standing(): readonly number[] {
    return window.connections.flatMap(({ connectionState }, i) =>
      connectionState === 'connected' ? [i] : [],
    );
  }

  sees(from: string, kind: 'camera' | 'screen'): boolean {
    return this.#framesOf(from, kind).length > 0;
  }

  /** When the first frame after a moment came, of the camera or the screen of that one. */
  firstFrameAtMs(from: string, kind: 'camera' | 'screen', sinceMs: number): number | undefined {
    return this.#framesOf(from, kind).find((atMs) => atMs >= sinceMs);
  }

  times(from: string, sinceMs: number): PictureTimes {
    const nowMs = Date.now();
    const frames = this.#framesOf(from, 'camera');
    const before = frames.findLast((atMs) => atMs < sinceMs) ?? sinceMs;
    const after = frames.filter((atMs) => atMs >= sinceMs);
    let longestGapMs = 0;
    let backAtMs: number | undefined;
    let lastMs = before;
    for (const atMs of after) {
      longestGapMs = Math.max(longestGapMs, atMs - lastMs);
      if (atMs - lastMs > INTERRUPTION_MS) backAtMs = atMs;
      lastMs = atMs;
    }
    longestGapMs = Math.max(longestGapMs, nowMs - lastMs);
    const isMoving = nowMs - lastMs < INTERRUPTION_MS;
    return { longestGapMs, backAtMs, steadyMs: isMoving ? nowMs - (backAtMs ?? sinceMs) : 0 };
  }

  /**
   * Asks that one again and again until it answers.
   *
   * @returns when the first answer came; undefined where none did in time
   */
  async answerAtMs(
    from: string,
    maxMs: number,
    everyMs = PING_EVERY_MS,
  ): Promise<number | undefined> {
    const deadlineMs = Date.now() + maxMs;
    const first = this.#pings + 1;
    while (Date.now() < deadlineMs) {
      this.#pings += 1;
      try {
        this.caller.send(from, `ping ${this.#pings}`);
      } catch {
        // The line is down, which is what is being measured.
      }
      await new Promise((resolve) => setTimeout(resolve, everyMs));
      for (let number = first; number <= this.#pings; number += 1) {
        const atMs = this.#pongs.get(`${from} ${number}`);
        if (atMs !== undefined) return atMs;
      }
    }
    return undefined;
  }

  #framesOf(from: string, kind: 'camera' | 'screen'): readonly number[] {
    return this.#pictures
      .filter((picture) => picture.from === from && this.#kindOf(picture) === kind)
      .flatMap(({ watch }) => watch.frameTimesMs)
      .toSorted((one, other) => one - other);
  }

  #kindOf(picture: Picture): 'camera' | 'screen' | undefined {
    picture.kind ??= picture.watch.report().source?.kind;
    return picture.kind;
  }
}

declare global {
  interface Window {
    bench: Bench;
  }
}
