import { Move, Pin, PinOff, Volume2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { screenTile, SELF_TILE, type Call } from '../../model/call.ts';
import { avatarHue, initials } from '../../model/names.ts';
import { isOn } from '../../model/own-media.ts';
import type { Participant } from '../../model/participants.ts';
import { isWeak } from '../../model/quality-words.ts';
import { CORNERS, type PreferenceStore } from '../../model/preferences.ts';
import { cornerTowards, type Rect, type Size } from '../../model/stage-layout.ts';
import type { WordCheck } from '../../model/word-checks.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { IconButton } from '../../ui/button.tsx';
import { PopupSurface } from '../../ui/popover.tsx';
import { SignalBars } from '../../ui/signal-bars.tsx';
import { VolumeSlider } from '../../ui/slider.tsx';
import { Tile, type TileStatus } from '../../ui/tile.tsx';
import { StreamVideo } from '../stream-video.tsx';
import { useStore } from '../use-store.ts';
import { RemoteVideo } from './remote-media.tsx';
import { useTileStatus } from './tile-status.ts';
import { useFloatingDrag } from './use-floating-drag.ts';

/** Where a tile stands, and whether it can be made large from there. */
export interface Placement {
  readonly rect: Rect;
  readonly place: 'cell' | 'fill' | 'floating';
  readonly pinned: boolean;
  readonly pinnable: boolean;
  readonly stage: Size;
}

interface TileContext {
  readonly call: Call;
  readonly preferences: PreferenceStore;
  readonly placement: Placement;
}

function PinButton(props: { readonly call: Call; readonly id: string; readonly pinned: boolean }) {
  const { call, id, pinned } = props;
  return (
    <IconButton label="Pin" size="small" aria-pressed={pinned} onClick={() => call.togglePin(id)}>
      {pinned ? <PinOff size={16} aria-hidden="true" /> : <Pin size={16} aria-hidden="true" />}
    </IconButton>
  );
}

/** Drags with the pointer, moves with the arrow keys, and goes round the corners on a press. */
function useFloating({ preferences, placement }: TileContext) {
  const { stage, rect, place } = placement;
  const { selfViewCorner } = useStore(preferences);
  const toCorner = (corner: typeof selfViewCorner): void =>
    preferences.change({ selfViewCorner: corner });
  const { offset, handlers } = useFloatingDrag({ stage, rect, onCorner: toCorner });
  if (place !== 'floating') return { button: undefined, offset: undefined, handlers: {} };
  const button = (
    <IconButton
      label="Move with the arrow keys"
      size="small"
      onClick={() => {
        const next = CORNERS[(CORNERS.indexOf(selfViewCorner) + 1) % CORNERS.length];
        if (next !== undefined) toCorner(next);
      }}
      onKeyDown={(event) => {
        if (!event.key.startsWith('Arrow')) return;
        event.preventDefault();
        toCorner(cornerTowards(selfViewCorner, event.key));
      }}
    >
      <Move size={16} aria-hidden="true" />
    </IconButton>
  );
  return { button, offset, handlers };
}

/** A click on the picture itself pins too; the button says so to keyboards and readers. */
function pinOnClick(
  call: Call,
  id: string,
  pinnable: boolean,
): { onClick?: (event: { target: EventTarget }) => void } {
  if (!pinnable) return {};
  return {
    onClick: ({ target }) => {
      const onControl = target instanceof Element && target.closest('button') !== null;
      if (!onControl) call.togglePin(id);
    },
  };
}

function actionsOf(buttons: readonly ReactNode[]): ReactNode {
  const shown = buttons.filter((button) => button !== undefined && button !== false);
  return shown.length === 0 ? undefined : shown;
}

export function SelfTile(props: TileContext) {
  const { call, placement } = props;
  const { camera, microphone } = useStore(call.own);
  const speaking = useStore(call.speaking).has(SELF_TILE);
  const handRaised = useStore(call.handRaised);
  const { host } = useStore(call.admission);
  const floating = useFloating(props);
  const status: TileStatus | undefined =
    camera.status === 'starting' ? { text: 'Camera is starting…', tone: 'quiet' } : undefined;
  const media =
    camera.status === 'on' ? (
      <StreamVideo stream={camera.stream} mirrored />
    ) : (
      <Avatar initials={initials(call.name)} hue={avatarHue(call.name)} />
    );
  return (
    <Tile
      name={`${call.name} (you)`}
      caption="You"
      rect={placement.rect}
      place={placement.place}
      offset={floating.offset}
      media={media}
      muted={!isOn(microphone)}
      handRaised={handRaised}
      host={host.who === 'me'}
      speaking={speaking}
      pinned={placement.pinned}
      status={status}
      statusLow
      actions={actionsOf([
        floating.button && <span key="move">{floating.button}</span>,
        placement.pinnable && (
          <PinButton key="pin" call={call} id={SELF_TILE} pinned={placement.pinned} />
        ),
      ])}
      {...floating.handlers}
      {...pinOnClick(call, SELF_TILE, placement.pinnable)}
    />
  );
}

/** What a comparison of words says of someone; nothing while none was made. */
function trustOf(check: WordCheck | undefined): 'verified' | 'doubted' | undefined {
  switch (check?.status) {
    case 'matched':
    case 'known':
      return 'verified';
    case 'differed':
    case 'differed-before':
      return 'doubted';
    default:
      return undefined;
  }
}

export function PersonTile(props: TileContext & { readonly participant: Participant }) {
  const { call, placement, participant } = props;
  const { id, name, tracks, state, quality, handRaised } = participant;
  const speaking = useStore(call.speaking).has(id) && state.status === 'connected';
  const volumes = useStore(call.volumes);
  const check = useStore(call.wordChecks).get(id);
  const { host } = useStore(call.admission);
  const floating = useFloating(props);
  const status = useTileStatus(call, participant);
  // The camera may be known to be on before anything of it can come: initials are better than black.
  const camera = state.status === 'connecting' ? undefined : tracks.camera;
  const degraded = state.status === 'connected' && quality !== undefined && isWeak(quality);
  const volume = (
    <PopupSurface
      key="volume"
      label={`Volume of ${name}`}
      className="slider-popup"
      trigger={
        <IconButton label="Volume" size="small">
          <Volume2 size={16} aria-hidden="true" />
        </IconButton>
      }
    >
      <Volume2 size={18} aria-hidden="true" />
      <VolumeSlider
        label={`Volume of ${name}`}
        value={volumes.get(id) ?? 1}
        onChange={(value) => call.setVolume(id, value)}
      />
    </PopupSurface>
  );
  return (
    <Tile
      name={name}
      rect={placement.rect}
      place={placement.place}
      offset={floating.offset}
      media={
        camera === undefined ? (
          <Avatar initials={initials(name)} hue={avatarHue(name)} />
        ) : (
          <RemoteVideo track={camera} fit="cover" />
        )
      }
      muted={tracks.microphone === undefined && state.status !== 'connecting'}
      handRaised={handRaised}
      host={host.who === 'other' && host.id === id}
      speaking={speaking}
      pinned={placement.pinned}
      trust={trustOf(check)}
      status={status}
      statusLow={camera === undefined}
      quality={
        degraded ? (
          <SignalBars
            lit={quality.score}
            label={`${name}’s connection is weak`}
            onPress={() => call.showConnection()}
          />
        ) : undefined
      }
      actions={actionsOf([
        floating.button && <span key="move">{floating.button}</span>,
        placement.place !== 'floating' && volume,
        placement.pinnable && <PinButton key="pin" call={call} id={id} pinned={placement.pinned} />,
      ])}
      {...floating.handlers}
      {...pinOnClick(call, id, placement.pinnable)}
    />
  );
}

export function ScreenTile(props: TileContext & { readonly participant: Participant }) {
  const { call, placement, participant } = props;
  const { screen } = participant.tracks;
  const status = useTileStatus(call, participant);
  if (screen === undefined) return null;
  const id = screenTile(participant.id);
  return (
    <Tile
      role="figure"
      name={`Screen of ${participant.name}`}
      caption={
        <>
          <bdi>{participant.name}</bdi> is presenting
        </>
      }
      rect={placement.rect}
      place={placement.place}
      media={<RemoteVideo track={screen} fit="contain" />}
      pinned={placement.pinned}
      status={status}
      actions={
        placement.pinnable ? <PinButton call={call} id={id} pinned={placement.pinned} /> : undefined
      }
      {...pinOnClick(call, id, placement.pinnable)}
    />
  );
}
