/** What is heard of a track. */
export interface ToneReport {
  /** The loudest frequency; undefined where the machine's browser analyses nothing. */
  readonly hertz: number | undefined;
  /** Decibels full scale, below -100 for silence. */
  readonly decibels: number;
}

/**
 * Listens to a received audio track. Firefox runs no `AudioContext` on a machine without a sound
 * card; there the level is what the receiver reports (RFC 6465), and no frequency is known.
 */
export class ToneWatch {
  readonly #audio = sharedAudio();
  readonly #source: MediaStreamAudioSourceNode;
  readonly #element = new Audio();
  readonly #analyser: AnalyserNode;
  readonly #level: () => number;

  /** @param level loudness by other means, 0 to 1 */
  constructor(track: MediaStreamTrack, level: () => number) {
    this.#level = level;
    void this.#audio.resume();
    const stream = new MediaStream([track]);
    // Chromium feeds a received track to Web Audio only while an element plays it too.
    this.#element.muted = true;
    this.#element.srcObject = stream;
    this.#element.play().catch(() => undefined);
    this.#analyser = new AnalyserNode(this.#audio, { fftSize: 4096, smoothingTimeConstant: 0 });
    this.#source = this.#audio.createMediaStreamSource(stream);
    this.#source.connect(this.#analyser);
  }

  report(): ToneReport {
    if (this.#audio.state !== 'running') {
      return { hertz: undefined, decibels: decibelsOf(this.#level()) };
    }
    const levels = new Float32Array(this.#analyser.frequencyBinCount);
    this.#analyser.getFloatFrequencyData(levels);
    let loudest = 0;
    levels.forEach((level, bin) => {
      if (level > (levels[loudest] ?? -Infinity)) loudest = bin;
    });
    return {
      hertz: (loudest * this.#audio.sampleRate) / this.#analyser.fftSize,
      // JSON has no infinity, which is what silence gives.
      decibels: Math.max(levels[loudest] ?? -Infinity, SILENCE_DECIBELS),
    };
  }

  stop(): void {
    this.#element.srcObject = null;
    this.#source.disconnect();
  }
}

let audio: AudioContext | undefined;

/** One for all of a page's tones: each runs a thread of its own, and in a call of five that is twenty. */
function sharedAudio(): AudioContext {
  audio ??= new AudioContext();
  return audio;
}

const SILENCE_DECIBELS = -999;

function decibelsOf(level: number): number {
  return level > 0 ? 20 * Math.log10(level) : SILENCE_DECIBELS;
}
