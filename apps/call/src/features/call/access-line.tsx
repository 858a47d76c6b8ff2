import type { Call } from '../../model/call.ts';
import { accessSentence } from '../../model/access-words.ts';
import { Button } from '../../ui/button.tsx';
import { AccessIcon } from '../access-choices.tsx';
import { isolated } from '../../model/shown-text.ts';
import { Isolated } from '../../ui/isolated.tsx';
import { useStore } from '../use-store.ts';
import './access-line.css';

/** Who may join, in one line; the host gets to the settings from here. */
export function AccessLine({ call }: { readonly call: Call }) {
  const view = useStore(call.admission);
  const others = useStore(call.participants);
  const { host } = view;
  const hostName = host.who === 'other' ? others.find(({ id }) => id === host.id)?.name : undefined;
  return (
    <div className="access-line">
      <AccessIcon access={view.access} />
      <p>
        <Isolated text={accessSentence(view, hostName && isolated(hostName))} />
      </p>
      {host.who === 'me' && (
        <Button
          size="small"
          aria-label="Change room settings"
          onClick={() => call.showRoomSettings(true)}
        >
          Change
        </Button>
      )}
    </div>
  );
}
