/** Time as the SDK sees it; tests hand in their own. */
export interface Clock {
  /** Milliseconds from some fixed moment; never goes back. */
  nowMs(): number;
  /** @returns a function that cancels the call; harmless once it ran */
  setTimeout(run: () => void, ms: number): () => void;
}

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  setTimeout(run, ms) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
