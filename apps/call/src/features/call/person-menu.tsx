import { EllipsisVertical, MicOff, UserRoundX } from 'lucide-react';
import { useState } from 'react';
import type { Call } from '../../model/call.ts';
import type { Participant } from '../../model/participants.ts';
import { IconButton } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { MenuAction, PopupMenu } from '../../ui/menu.tsx';

/** What the host can ask of someone, or do. */
export function PersonMenu({
  call,
  participant,
}: {
  readonly call: Call;
  readonly participant: Participant;
}) {
  const { id, name, tracks } = participant;
  const [removing, setRemoving] = useState(false);
  return (
    <>
      <PopupMenu
        trigger={
          <IconButton label={`More for ${name}`} size="small">
            <EllipsisVertical size={18} aria-hidden="true" />
          </IconButton>
        }
      >
        {tracks.microphone !== undefined && (
          <MenuAction
            icon={<MicOff aria-hidden="true" />}
            label="Ask to mute"
            onSelect={() => void call.admission.askToMute(id)}
          />
        )}
        <MenuAction
          icon={<UserRoundX aria-hidden="true" />}
          label="Remove from the call…"
          onSelect={() => setRemoving(true)}
        />
      </PopupMenu>
      {removing && (
        <Confirm
          title={
            <>
              Remove <bdi>{name}</bdi> from the call?
            </>
          }
          action="Remove"
          onConfirm={() => void call.admission.remove(id)}
          onClose={() => setRemoving(false)}
        >
          <p>
            The call gets a new link, and the old one stops working: <bdi>{name}</bdi> can’t come
            back with it.
          </p>
          <p>Everyone else stays in. Whoever joins later needs the new link.</p>
        </Confirm>
      )}
    </>
  );
}
