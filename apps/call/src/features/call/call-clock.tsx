import { useEffect, useState } from 'react';
import { elapsed } from '../../model/ago.ts';

const SECOND_MS = 1_000;

/** How long one has been in the call. */
export function CallClock({ sinceMs }: { readonly sinceMs: number }) {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), SECOND_MS);
    return () => clearInterval(timer);
  }, []);
  return <time className="call-clock">{elapsed(sinceMs, nowMs)}</time>;
}
