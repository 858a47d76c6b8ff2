import { useEffect, useRef } from 'react';
import './level-meter.css';

/** Three bars that follow a level. Written past React: sixty renders a second would be waste. */
export function LevelMeter(props: { readonly level: () => number }) {
  const { level } = props;
  const bars = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    let frame = requestAnimationFrame(function draw() {
      bars.current?.style.setProperty('--level', level().toFixed(2));
      frame = requestAnimationFrame(draw);
    });
    return () => cancelAnimationFrame(frame);
  }, [level]);
  return (
    <span className="level-meter" ref={bars} aria-hidden="true">
      <span />
      <span />
      <span />
    </span>
  );
}
