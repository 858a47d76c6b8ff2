import { codecName } from './preferences.ts';

/** `RTCSetParameterOptions` (webrtc-extensions), which TypeScript lists without its members. */
interface KeyFrameOptions {
  readonly encodingOptions: readonly { readonly keyFrame: boolean }[];
}

/** What of an `RTCRtpSender` is used. */
export interface ParameterSender extends Pick<RTCRtpSender, 'getParameters'> {
  setParameters(parameters: RTCRtpSendParameters, options?: KeyFrameOptions): Promise<void>;
}

export interface SenderWish {
  /** In bits per second; undefined lifts the cap. */
  readonly maxBitrate: number | undefined;
  /**
   * The codec to send in, by name. Needed only where it is not what the browser takes by itself: a
   * browser that answers sends in the order of the offer, whatever its answer says.
   */
  readonly codec?: string | undefined;
  /** `false`: nothing of it. */
  readonly isSent?: boolean;
  /** webrtc-pc section 5.2; 1 and up. */
  readonly scaleResolutionDownBy?: number;
  /** Frames a second; undefined lifts the cap. */
  readonly maxFramerate?: number | undefined;
  /** What to give up when there is too little bandwidth; left as it is unless told. */
  readonly degradationPreference?: RTCDegradationPreference;
}

/** A negotiation in between makes parameters stale; two in a row are rare, three do not happen. */
const ATTEMPTS_MAX = 3;

/**
 * Keeps one sender's parameters as they are wished. Calls may overlap: one at a time talks to the
 * browser, which refuses a second one, and the last wish wins.
 */
export class SenderCaps {
  readonly #sender: ParameterSender;
  #wish: SenderWish = { maxBitrate: undefined };
  #running: Promise<boolean> | undefined;
  #isPaused = false;
  #wantsKeyFrame = false;

  constructor(sender: ParameterSender) {
    this.#sender = sender;
  }

  /** @returns whether the wish is in force; if not, `apply` it behind the next negotiation */
  set(wish: SenderWish): Promise<boolean> {
    this.#wish = wish;
    return this.apply();
  }

  /** Applies the last wish again, as is due behind each negotiation. Asks nothing where it is in force. */
  apply(): Promise<boolean> {
    this.#running ??= this.#settle();
    return this.#running;
  }

  /** Sends nothing, or again; the first frame behind a pause is a key frame. @returns as `set` does */
  async pause(isPaused: boolean): Promise<boolean> {
    // Reading parameters waits for the browser's own threads, and most paths come up without a pause.
    if (this.#isPaused === isPaused) return true;
    this.#isPaused = isPaused;
    return await this.apply();
  }

  /**
   * Has the encoder begin again with a key frame (webrtc-extensions, `RTCEncodingOptions.keyFrame`).
   * Firefox 153 does not know the option; there it does so when the encoding goes off and on again.
   *
   * @returns as `set` does
   */
  refresh(): Promise<boolean> {
    this.#wantsKeyFrame = true;
    return this.apply();
  }

  /** @returns whether the browser knows the option: it reads it then */
  async #askKeyFrame(): Promise<boolean> {
    const parameters = this.#sender.getParameters();
    let isKnown = false;
    await this.#sender.setParameters(parameters, {
      get encodingOptions() {
        isKnown = true;
        return parameters.encodings.map(() => ({ keyFrame: true }));
      },
    });
    return isKnown;
  }

  async #settle(): Promise<boolean> {
    // Nothing below may end before `#running` is set.
    await Promise.resolve();
    let failures = 0;
    try {
      while (failures < ATTEMPTS_MAX) {
        try {
          const step = await this.#step();
          if (step !== 'again') return step === 'in force';
          failures = 0;
        } catch {
          // InvalidStateError or InvalidModificationError: stale parameters, or a stopped transceiver.
          failures += 1;
        }
      }
      return false;
    } finally {
      this.#running = undefined;
    }
  }

  /** One change at most. @throws what the browser says */
  async #step(): Promise<'in force' | 'not yet' | 'again'> {
    // The browser takes back only what it gave in the same task (webrtc-pc section 5.2).
    const parameters = this.#sender.getParameters();
    // Firefox lists no encodings before the first negotiation.
    if (parameters.encodings.length === 0) return 'not yet';
    const isActive = !this.#isPaused && this.#wish.isSent !== false;
    if (change(parameters, this.#wish, isActive)) {
      await this.#sender.setParameters(parameters);
      return 'again';
    }
    if (!this.#wantsKeyFrame) return 'in force';
    this.#wantsKeyFrame = false;
    // One comes when it goes on again.
    if (!isActive || (await this.#askKeyFrame())) return 'again';
    const off = this.#sender.getParameters();
    for (const encoding of off.encodings) encoding.active = false;
    await this.#sender.setParameters(off);
    return 'again'; // the next step turns it on, unless it is to rest by then
  }
}

/** Writes the wish into the parameters. @returns whether that changed anything */
function change(parameters: RTCRtpSendParameters, wish: SenderWish, isActive: boolean): boolean {
  const { maxBitrate, degradationPreference } = wish;
  const codec =
    wish.codec === undefined
      ? undefined
      : parameters.codecs.find((offered) => codecName(offered) === wish.codec);
  let changed = false;
  for (const encoding of parameters.encodings) {
    changed = choose(encoding, codec) || changed;
    // Absent means active, as with browsers that list encodings late.
    if ((encoding.active ?? true) !== isActive) {
      encoding.active = isActive;
      changed = true;
    }
    const scale = wish.scaleResolutionDownBy;
    if (scale !== undefined && (encoding.scaleResolutionDownBy ?? 1) !== scale) {
      encoding.scaleResolutionDownBy = scale;
      changed = true;
    }
    changed = cap(encoding, 'maxBitrate', maxBitrate) || changed;
    changed = cap(encoding, 'maxFramerate', wish.maxFramerate) || changed;
  }
  if (
    degradationPreference !== undefined &&
    parameters.degradationPreference !== degradationPreference
  ) {
    parameters.degradationPreference = degradationPreference;
    changed = true;
  }
  return changed;
}

function cap(
  encoding: RTCRtpEncodingParameters,
  field: 'maxBitrate' | 'maxFramerate',
  value: number | undefined,
): boolean {
  if (encoding[field] === value) return false;
  if (value === undefined) delete encoding[field];
  else encoding[field] = value;
  return true;
}

/** `codec` of an encoding (webrtc-extensions section 7), which TypeScript does not list yet. */
type CodecEncoding = RTCRtpEncodingParameters & { codec?: RTCRtpCodec };

function choose(encoding: CodecEncoding, codec: RTCRtpCodec | undefined): boolean {
  if (codec === undefined || encoding.codec?.mimeType === codec.mimeType) return false;
  encoding.codec = codec;
  return true;
}
