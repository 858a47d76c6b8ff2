import { useEffect, useRef } from 'react';
import './stream-video.css';

/** One's own stream, without its sound: hearing oneself is an echo. */
export function StreamVideo(props: { readonly stream: MediaStream; readonly mirrored: boolean }) {
  const { stream } = props;
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    if (element === null) return undefined;
    element.srcObject = stream;
    // Silent pictures are always allowed to play; a play cut short by the next stream is no loss.
    void element.play().catch(() => undefined);
    return () => {
      element.srcObject = null;
    };
  }, [stream]);
  return (
    <video
      ref={video}
      className="stream-video"
      data-mirrored={props.mirrored}
      muted
      playsInline
      aria-hidden="true"
    />
  );
}
