/** Loudness of one's own microphone, 0 to 1, for the meter and the ring. */
export interface Meter {
  level(): number;
  close(): void;
}

/** 1,024 samples are 21 ms at 48 kHz: short enough to follow speech. */
const SAMPLES = 1_024;

/** Speech into a usual microphone has an RMS of about a tenth; this brings it to mid-scale. */
const GAIN = 4;

/** Measures a track through Web Audio. Nothing is played. */
export function openMeter(track: MediaStreamTrack): Meter {
  const context = new AudioContext({ latencyHint: 'interactive' });
  const source = context.createMediaStreamSource(new MediaStream([track]));
  const analyser = context.createAnalyser();
  analyser.fftSize = SAMPLES;
  source.connect(analyser);
  const samples = new Float32Array(SAMPLES);
  // Browsers may hold a context until the first gesture on the page.
  const gestures = new AbortController();
  for (const gesture of ['pointerdown', 'keydown']) {
    addEventListener(gesture, () => void context.resume().catch(() => undefined), {
      signal: gestures.signal,
    });
  }
  context.addEventListener('statechange', () => {
    if (context.state === 'running') gestures.abort();
  });
  return {
    level() {
      analyser.getFloatTimeDomainData(samples);
      let sum = 0;
      for (const sample of samples) sum += sample * sample;
      return Math.min(1, Math.sqrt(sum / SAMPLES) * GAIN);
    },
    close() {
      gestures.abort();
      source.disconnect();
      void context.close().catch(() => undefined);
    },
  };
}
