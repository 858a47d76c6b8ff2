import { Crown, Hand, MicOff, ShieldAlert, ShieldCheck } from 'lucide-react';
import type { ComponentProps, CSSProperties, ReactNode } from 'react';
import { Spinner } from './spinner.tsx';
import './tile.css';

export interface TileStatus {
  readonly text: string;
  /** Amber says that something is wrong; quiet that something is on its way. */
  readonly tone: 'quiet' | 'amber';
  /** Nothing is on its way but patience. */
  readonly still?: boolean;
  /** The picture is of a moment ago, and is to look so. */
  readonly frozen?: boolean;
  /** Why, where it is known and there is room. */
  readonly detail?: string | undefined;
  readonly action?: { readonly label: string; readonly run: () => void } | undefined;
}

export interface TileProps extends ComponentProps<'div'> {
  /** The accessible name of the tile. */
  readonly name: string;
  /** What stands in its corner; the name unless told. */
  readonly caption?: ReactNode;
  readonly rect: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  };
  readonly place: 'cell' | 'fill' | 'floating';
  /** While it is dragged: how far from its place, in pixels. */
  readonly offset?: { readonly x: number; readonly y: number } | undefined;
  readonly media: ReactNode;
  readonly muted?: boolean;
  readonly handRaised?: boolean;
  readonly speaking?: boolean;
  readonly pinned?: boolean;
  /** Decides who may join. */
  readonly host?: boolean;
  /** What people found who compared words. */
  readonly trust?: 'verified' | 'doubted' | undefined;
  readonly status?: TileStatus | undefined;
  /** The status stands low, below initials, where there is no picture to stand on. */
  readonly statusLow?: boolean;
  readonly quality?: ReactNode;
  readonly actions?: ReactNode;
}

/** A frame for a person or a screen: picture, name, state. Where it stands is told from outside. */
export function Tile(props: TileProps) {
  const { name, caption, rect, place, offset, media, muted, handRaised, speaking, ...more } = props;
  const { pinned, host, trust, status, statusLow, quality, actions, ...rest } = more;
  const { x, y } = offset === undefined ? rect : { x: rect.x + offset.x, y: rect.y + offset.y };
  const style: CSSProperties = {
    transform: `translate(${x}px, ${y}px)`,
    inlineSize: rect.width,
    blockSize: rect.height,
  };
  return (
    <div
      role="group"
      aria-label={name}
      {...rest}
      className="tile"
      style={style}
      data-place={place}
      data-dragging={offset !== undefined}
      data-speaking={speaking === true}
      data-pinned={pinned === true}
      data-dimmed={status?.frozen === true}
    >
      <div className="tile-media">{media}</div>
      {status !== undefined && (
        <div className="tile-status" data-tone={status.tone} data-low={statusLow === true}>
          {status.still !== true && <Spinner />}
          <p>
            {status.text}
            {status.detail !== undefined && <small>{status.detail}</small>}
          </p>
          {status.action !== undefined && (
            <button type="button" onClick={status.action.run}>
              {status.action.label}
            </button>
          )}
        </div>
      )}
      <div className="tile-label">
        {muted === true && <MicOff className="tile-muted" role="img" aria-label="Muted" />}
        {handRaised === true && <Hand className="tile-hand" role="img" aria-label="Hand raised" />}
        {host === true && <Crown className="tile-host" role="img" aria-label="Host" />}
        {trust === 'verified' && (
          <ShieldCheck className="tile-verified" role="img" aria-label="Verified" />
        )}
        {trust === 'doubted' && (
          <ShieldAlert className="tile-doubted" role="img" aria-label="The words differ" />
        )}
        <bdi className="tile-name">{caption ?? name}</bdi>
        {quality}
      </div>
      {actions !== undefined && <div className="tile-actions">{actions}</div>}
    </div>
  );
}
