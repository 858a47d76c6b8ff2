import { useRef } from 'react';
import { screenTile, SELF_TILE, tilesOf, type Call } from '../../model/call.ts';
import type { PreferenceStore } from '../../model/preferences.ts';
import {
  arrange,
  floatingRect,
  placeTiles,
  type Arrangement,
  type Insets,
  type Rect,
} from '../../model/stage-layout.ts';
import { useStore } from '../use-store.ts';
import { PersonTile, ScreenTile, SelfTile, type Placement } from './tiles.tsx';
import { useSize } from './use-size.ts';

function placeOf(arrangement: Arrangement, id: string): Placement['place'] {
  if (arrangement.mode !== 'duo') return 'cell';
  return arrangement.floating === id ? 'floating' : 'fill';
}

/** All tiles, each where the layout puts it. One flat list, so that no picture restarts on a move. */
export function Stage(props: {
  readonly call: Call;
  readonly preferences: PreferenceStore;
  readonly insets: Insets;
  /** The bars have made way. */
  readonly idle: boolean;
}) {
  const { call, preferences, idle } = props;
  const participants = useStore(call.participants);
  const { pinned, aloneCard } = useStore(call.view);
  const { selfViewCorner } = useStore(preferences);
  const element = useRef<HTMLDivElement>(null);
  const stage = useSize(element);
  const tiles = tilesOf(participants);
  const arrangement = arrange(tiles, pinned);
  // Faces may grow into the bar's place; a shared text that people read stays where it is.
  const grows = idle && arrangement.mode !== 'focus';
  const insets = grows ? { ...props.insets, bottom: 0 } : props.insets;
  const withCard = aloneCard && arrangement.mode === 'solo';
  const rects: ReadonlyMap<string, Rect> = withCard
    ? new Map([[SELF_TILE, floatingRect(stage, insets, selfViewCorner)]])
    : placeTiles(arrangement, stage, insets, selfViewCorner);
  const pinnable = arrangement.mode === 'grid' || arrangement.mode === 'focus';
  const placementOf = (id: string): Placement | undefined => {
    const rect = rects.get(id);
    if (rect === undefined) return undefined;
    const place = withCard ? 'floating' : placeOf(arrangement, id);
    return { rect, place, pinned: pinned === id && pinnable, pinnable, stage };
  };
  const shared = { call, preferences };
  const self = placementOf(SELF_TILE);
  return (
    <div className="stage" ref={element} data-mode={arrangement.mode}>
      {stage.width > 0 &&
        participants.flatMap((participant) => {
          const person = placementOf(participant.id);
          const screen = placementOf(screenTile(participant.id));
          return [
            screen !== undefined && (
              <ScreenTile
                key={screenTile(participant.id)}
                {...shared}
                participant={participant}
                placement={screen}
              />
            ),
            person !== undefined && (
              <PersonTile
                key={participant.id}
                {...shared}
                participant={participant}
                placement={person}
              />
            ),
          ];
        })}
      {stage.width > 0 && self !== undefined && <SelfTile {...shared} placement={self} />}
    </div>
  );
}
