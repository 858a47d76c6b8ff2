import { useEffect, useRef, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Spinner } from '../../ui/spinner.tsx';

/** Whoever is inside has had the time to notice, to finish a sentence, and to answer. */
const LONG_AFTER_MS = 45_000;

/** The person has knocked. Camera and microphone can still be set meanwhile. */
export function WaitingCard({ cancel }: { readonly cancel: () => void }) {
  const [long, setLong] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // The button that was pressed is gone; reading goes on here.
    heading.current?.focus();
    const timer = setTimeout(() => setLong(true), LONG_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <section className="lobby-waiting" aria-labelledby="waiting-title">
      <Spinner />
      <h2 id="waiting-title" ref={heading} tabIndex={-1}>
        Asked to be let in
      </h2>
      <p role="status">
        {long
          ? 'Nobody has answered yet. You can go on waiting, or reach them another way.'
          : 'Someone will answer soon. You join as soon as they do.'}
      </p>
      <Button onClick={cancel}>Cancel</Button>
    </section>
  );
}
