/** Notes in hertz, played one after another. */
export const TONES = {
  test: [523.25, 659.25, 783.99],
  joined: [523.25, 659.25],
  left: [659.25, 523.25],
  /** Two knocks and a rise: someone is at the door. */
  knock: [392, 392, 587.33],
  admitted: [523.25, 783.99],
} as const;

const NOTE_S = 0.16;
/** Quiet beside a voice. */
const VOLUME = 0.12;

/**
 * Plays a short tone on a speaker. It goes through a media element, since only those can be sent
 * to a chosen device in every browser that can choose at all.
 */
export async function playTone(
  name: keyof typeof TONES,
  speakerId: string | undefined,
): Promise<void> {
  const context = new AudioContext();
  const element = new Audio();
  try {
    const destination = context.createMediaStreamDestination();
    element.srcObject = destination.stream;
    if (speakerId !== undefined && 'setSinkId' in element) await element.setSinkId(speakerId);
    await element.play();
    const startS = context.currentTime + 0.05;
    const ended = TONES[name].map((hertz, index) => {
      const atS = startS + index * NOTE_S;
      const oscillator = new OscillatorNode(context, { frequency: hertz, type: 'sine' });
      const gain = new GainNode(context, { gain: 0 });
      // Ramps, since a tone cut hard clicks.
      gain.gain.setValueAtTime(0, atS);
      gain.gain.linearRampToValueAtTime(VOLUME, atS + 0.02);
      gain.gain.linearRampToValueAtTime(0, atS + NOTE_S * 1.6);
      oscillator.connect(gain).connect(destination);
      oscillator.start(atS);
      oscillator.stop(atS + NOTE_S * 1.7);
      return new Promise((resolve) =>
        oscillator.addEventListener('ended', resolve, { once: true }),
      );
    });
    await Promise.all(ended);
  } finally {
    element.pause();
    element.srcObject = null;
    await context.close();
  }
}
