import { avatarHue, cleanName, initials } from '../../model/names.ts';
import type { Session } from '../../model/session.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { LevelMeter } from '../../ui/level-meter.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { CameraToggle, MicrophoneToggle } from '../source-toggles.tsx';
import { StreamVideo } from '../stream-video.tsx';
import { useStore } from '../use-store.ts';

/** One's own picture as others will see it, with the two toggles on its lower edge. */
export function Preview(props: { readonly session: Session; readonly name: string }) {
  const { session } = props;
  const { camera, microphone } = useStore(session.own);
  const name = cleanName(props.name);
  return (
    <div className="preview">
      {camera.status === 'on' && <StreamVideo stream={camera.stream} mirrored />}
      {camera.status === 'starting' && (
        <div className="preview-off" role="status">
          <Spinner />
          Camera is starting…
        </div>
      )}
      {(camera.status === 'off' || camera.status === 'failed') && (
        <div className="preview-off">
          <Avatar initials={name === '' ? '☺' : initials(name)} hue={avatarHue(name)} />
          {camera.status === 'off' ? 'Camera is off' : 'No picture from the camera'}
        </div>
      )}
      {name !== '' && <span className="preview-name">{name}</span>}
      <div className="preview-foot">
        {microphone.status === 'on' && (
          <span className="preview-level">
            <LevelMeter level={session.ownLevel.level} />
          </span>
        )}
        <div className="preview-toggles">
          <MicrophoneToggle own={session.own} />
          <CameraToggle own={session.own} />
        </div>
      </div>
    </div>
  );
}
