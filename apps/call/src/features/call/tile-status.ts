import { useEffect } from 'react';
import type { Call } from '../../model/call.ts';
import { unreachableText } from '../../model/connection-help.ts';
import type { Participant } from '../../model/participants.ts';
import type { TileStatus } from '../../ui/tile.tsx';
import { useStore } from '../use-store.ts';
import { useLate } from './use-late.ts';

/** What stands over a person's picture; why, where it takes long, and the way to what can be done. */
export function useTileStatus(call: Call, participant: Participant): TileStatus | undefined {
  const { id, name, state } = participant;
  const { diagnosis } = useStore(call.diagnoser);
  const waiting = state.status === 'connecting' || state.status === 'recovering';
  const late = useLate(waiting ? state.sinceMs : undefined);
  useEffect(() => {
    // So that the tile can say why before anyone asks.
    if (late) call.diagnoser.run();
  }, [call, late]);
  const action = late ? { label: 'What’s wrong?', run: () => call.showConnection() } : undefined;
  switch (state.status) {
    case 'connecting': {
      if (!late) return { text: 'Connecting…', tone: 'quiet' };
      const { title, reason } = unreachableText(name, id, diagnosis);
      return { text: title, detail: reason, tone: 'quiet', still: true, action };
    }
    case 'recovering':
      return { text: `Reconnecting to ${name}…`, tone: 'amber', frozen: true, action };
    case 'away':
      return {
        text: `${name} is away – waiting for them to come back`,
        tone: 'quiet',
        still: true,
        frozen: true,
      };
    case 'connected':
    case 'lost':
      return undefined;
  }
}
