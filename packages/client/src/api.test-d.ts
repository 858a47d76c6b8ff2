/** Checked by the compiler alone: what a builder may write, and what must not pass. */
import type { Diagnosis, Verdict } from './diagnosis/verdicts.ts';
import type { AnyMessage, LocalMedia, Message, Peer, PeerState, Room, RoomState } from './api.ts';

type Messages = { chat: { text: string }; cursor: [number, number]; photo: Uint8Array };

export async function sending(room: Room<Messages>, peer: Peer<Messages>): Promise<void> {
  await room.send('chat', { text: 'hi' });
  await room.send('cursor', [1, 2], { reliable: false, to: [peer.id] });
  await peer.send('photo', new Uint8Array(3));
  // @ts-expect-error -- a chat has a text
  await room.send('chat', { words: 'hi' });
  // @ts-expect-error -- a cursor has two numbers
  await room.send('cursor', [1]);
  // @ts-expect-error -- there is no such message
  await peer.send('chart', { text: 'hi' });
  // @ts-expect-error -- ids of peers are not any text
  await room.send('chat', { text: 'hi' }, { to: 'ann' });
}

export async function receiving(room: Room<Messages>): Promise<void> {
  room.on('message', (message) => {
    if (message.type === 'chat') return message.payload.text.length;
    // @ts-expect-error -- what is left is a cursor or a photo
    void message.payload.text;
    return message.payload.length;
  });
  room.on('peer', (peer) => peer.on('state', (state) => settled(state)), { once: true });
  for await (const { payload, from } of room.messages('cursor'))
    from.send('cursor', payload).catch(() => payload[1]);
  // @ts-expect-error -- there is no such event
  room.on('peers', () => undefined);
}

export function settled(state: PeerState): string | number {
  // @ts-expect-error -- only a lost peer has a reason
  if (state.reason === 'left') return state.status;
  return state.status === 'recovering' ? state.sinceMs : 0;
}

export function reason(state: RoomState): string | undefined {
  return state.status === 'left' ? state.reason.code : undefined;
}

export function track(local: LocalMedia): MediaStreamTrack | undefined {
  const { state } = local.camera;
  // @ts-expect-error -- a camera that is off has no track
  if (state.status === 'off') void state.track;
  return state.status === 'on' ? state.track : undefined;
}

export const photo = (message: AnyMessage<Messages>): Message<Messages, 'photo'> | undefined =>
  message.type === 'photo' ? message : undefined;

export async function diagnosing(room: Room<Messages>): Promise<readonly string[]> {
  const { verdicts, worst }: Diagnosis = await room.diagnose({ signal: AbortSignal.timeout(1) });
  // @ts-expect-error -- there is no such severity
  if (worst === 'fatal') return [];
  return verdicts.map((verdict) => told(verdict));
}

function told(verdict: Verdict): string {
  // @ts-expect-error -- only some verdicts have a URL
  void verdict.url;
  switch (verdict.code) {
    case 'turn-refused':
      return `${verdict.url} ${verdict.iceError.toFixed()}`;
    case 'peer-unreachable':
      return `${verdict.peer} ${verdict.cause} ${verdict.sinceMs}`;
    case 'no-way-out':
      return verdict.open.map(({ host, port }) => `${host}:${port}`).join();
    default:
      return `${verdict.severity}: ${verdict.message}`;
  }
}
