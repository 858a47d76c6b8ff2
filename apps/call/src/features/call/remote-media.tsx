import type { RemoteTrack } from 'peerline';
import { useEffect, useRef, useState } from 'react';
import type { Call } from '../../model/call.ts';
import { useStore } from '../use-store.ts';

/** Keeps the last frame of a picture for when its element has none. @returns false without one */
function keepFrame(from: HTMLVideoElement, into: HTMLCanvasElement): boolean {
  if (from.videoWidth === 0) return false;
  into.width = from.videoWidth;
  into.height = from.videoHeight;
  into.getContext('2d')?.drawImage(from, 0, 0);
  return true;
}

/**
 * A track's picture. Silent: sound has elements of its own, so that pictures may always play. When the
 * connection is replaced, its track is too, and the last frame stays until the next one is there.
 */
export function RemoteVideo(props: {
  readonly track: RemoteTrack;
  readonly fit: 'cover' | 'contain';
}) {
  const { track } = props;
  const video = useRef<HTMLVideoElement>(null);
  const still = useRef<HTMLCanvasElement>(null);
  const [held, setHeld] = useState(false);
  const [shape, setShape] = useState<'landscape' | 'portrait'>('landscape');
  useEffect(() => {
    const element = video.current;
    if (element === null) return undefined;
    const detach = track.attach(element);
    // Silent pictures are always allowed to play; a play cut short by the next one is no loss.
    void element.play().catch(() => undefined);
    const canvas = still.current;
    return () => {
      setHeld(canvas !== null && keepFrame(element, canvas));
      detach();
    };
  }, [track]);
  const look = { 'aria-hidden': true, 'data-fit': props.fit, 'data-shape': shape } as const;
  return (
    <>
      <video
        ref={video}
        muted
        playsInline
        autoPlay
        {...look}
        onLoadedData={() => setHeld(false)}
        onResize={(event) => {
          const { videoWidth, videoHeight } = event.currentTarget;
          if (videoWidth > 0) setShape(videoHeight > videoWidth ? 'portrait' : 'landscape');
        }}
      />
      <canvas ref={still} {...look} hidden={!held} />
    </>
  );
}

function RemoteAudio(props: {
  readonly call: Call;
  readonly track: RemoteTrack;
  readonly volume: number;
}) {
  const { call, track, volume } = props;
  const audio = useRef<HTMLAudioElement>(null);
  useEffect(() => {
    const element = audio.current;
    if (element === null) return undefined;
    const detach = track.attach(element);
    const remove = call.output.add(element);
    return () => {
      remove();
      detach();
    };
  }, [call, track]);
  useEffect(() => {
    if (audio.current !== null) audio.current.volume = volume;
  }, [volume]);
  return <audio ref={audio} hidden />;
}

/** Everyone's sound: voices and what comes with shared screens. */
export function RemoteAudios({ call }: { readonly call: Call }) {
  const participants = useStore(call.participants);
  const volumes = useStore(call.volumes);
  return participants.flatMap(({ id, tracks }) =>
    [tracks.microphone, tracks.screenAudio]
      .filter((track) => track !== undefined)
      .map((track) => (
        <RemoteAudio
          key={`${id}/${track.source}`}
          call={call}
          track={track}
          volume={volumes.get(id) ?? 1}
        />
      )),
  );
}
