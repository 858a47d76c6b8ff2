import './connections.ts';
import { PICTURE_HEIGHT, PICTURE_WIDTH } from '../../e2e/page/barcode.ts';
import { createRoomLink, formatRoomLink, joinRoom } from 'peerline';

export interface MeshInput {
  readonly server: string;
  readonly room: string;
  readonly adapt: boolean;
}

/** Counters of the page, from the browser's statistics (webrtc-stats); they only grow. */
export interface MeshCounts {
  /** Everything that left, as the browser hands it to the network. */
  readonly sentBytes: number;
  /** Frames that came, of each picture; each has a connection of its own. */
  readonly frames: readonly number[];
}

/** A participant as in a call app: everyone in a small tile. */
class Mesh {
  newRoom(): string {
    return formatRoomLink(createRoomLink());
  }

  async join({ server, room: link, adapt }: MeshInput): Promise<void> {
    const room = await joinRoom({ url: server, room: link, adapt });
    room.on('peer', (peer) => {
      peer.on('track', (track) => {
        const element = document.createElement(track.kind === 'audio' ? 'audio' : 'video');
        element.autoplay = true;
        element.muted = true;
        if (element instanceof HTMLVideoElement) {
          element.width = PICTURE_WIDTH;
          element.height = PICTURE_HEIGHT;
        }
        track.attach(element);
        document.body.append(element);
      });
    });
    await room.local.camera.enable();
  }

  async counts(): Promise<MeshCounts> {
    const reports = await Promise.all(
      window.connections
        .filter(({ connectionState }) => connectionState === 'connected')
        .map((connection) => connection.getStats()),
    );
    const entries = reports.flatMap(entriesOf);
    const sent = entries
      .filter((entry) => entry['type'] === 'transport')
      .map((entry) => numberOf(entry['bytesSent']));
    return {
      sentBytes: sumOf(sent),
      frames: reports.map(framesOf).filter((frames) => frames > 0),
    };
  }
}

type Entry = Readonly<Record<string, unknown>>;

function entriesOf(report: RTCStatsReport): readonly Entry[] {
  const entries: Entry[] = [];
  report.forEach((entry: Entry) => entries.push(entry));
  return entries;
}

/** The screen's line is there as well, and empty. */
function framesOf(report: RTCStatsReport): number {
  const videos = entriesOf(report).filter(
    (entry) => entry['type'] === 'inbound-rtp' && entry['kind'] === 'video',
  );
  return sumOf(videos.map((entry) => numberOf(entry['framesDecoded'])));
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

declare global {
  interface Window {
    mesh: Mesh;
  }
}

window.mesh = new Mesh();
