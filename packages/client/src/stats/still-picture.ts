/** In samples of two seconds: beyond any jitter, and short of what a person takes for a frozen call. */
const STILL_SAMPLES = 2;

/** Where asking does not help there may be nothing to send, as with a camera that its owner covered. */
const APART_MAX_SAMPLES = 32;

/**
 * Watches over a picture that its sender has on, while its connection is well: where no frame comes, it is to
 * be asked for again. Browsers were seen to stop sending, or to wait for a key frame, behind outages.
 */
export class StillPicture {
  #frames: number | undefined;
  #samples = 0;
  #askAt = STILL_SAMPLES;

  /**
   * @param frames how many have come so far; undefined where none is to be expected
   * @returns whether to ask for it now
   */
  sample(frames: number | undefined): boolean {
    if (frames === undefined || frames !== this.#frames) {
      this.#frames = frames;
      this.#samples = 0;
      this.#askAt = STILL_SAMPLES;
      return false;
    }
    this.#samples += 1;
    if (this.#samples < this.#askAt) return false;
    this.#samples = 0;
    this.#askAt = Math.min(this.#askAt * 2, APART_MAX_SAMPLES);
    return true;
  }
}
