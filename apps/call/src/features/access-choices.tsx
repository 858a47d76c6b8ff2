import { BellRing, DoorClosed, Globe, type LucideIcon } from 'lucide-react';
import type { RoomAccess } from 'peerline';

interface AccessWords {
  readonly label: string;
  readonly note: string;
  readonly Icon: LucideIcon;
}

/** The three ways into a room, in words for those who choose. */
const WORDS: { readonly [A in RoomAccess]: AccessWords } = {
  open: { label: 'Anyone with the link', note: 'They join at once.', Icon: Globe },
  knock: {
    label: 'Ask first',
    note: 'They wait until you let them in.',
    Icon: BellRing,
  },
  locked: {
    label: 'Nobody new',
    note: 'Those who are in stay in.',
    Icon: DoorClosed,
  },
};

export function accessChoices<A extends RoomAccess>(offered: readonly A[]) {
  return offered.map((id) => {
    const { label, note, Icon } = WORDS[id];
    return { id, label, note, icon: <Icon aria-hidden="true" /> };
  });
}

export function AccessIcon({ access }: { readonly access: RoomAccess }) {
  const { Icon } = WORDS[access];
  return <Icon aria-hidden="true" />;
}
