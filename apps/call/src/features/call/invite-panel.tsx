import { Keyboard, Settings } from 'lucide-react';
import type { Call } from '../../model/call.ts';
import { roomTitle } from '../../model/route.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { useStore } from '../use-store.ts';
import { AccessLine } from './access-line.tsx';
import { Invite } from './invite.tsx';

/** The room: its name, its link, and what can be set. */
export function InvitePanel(props: {
  readonly call: Call;
  readonly canShare: boolean;
  readonly showSettings: () => void;
  readonly showHelp: () => void;
}) {
  const { call } = props;
  const link = useStore(call.link);
  return (
    <Panel title="Invite" onClose={() => call.closePanel()}>
      <div className="panel-body">
        <p className="panel-note">
          This link leads to <strong>{roomTitle(link)}</strong>. Share it only with those you want
          to see.
        </p>
        <AccessLine call={call} />
        <Invite link={link} canShare={props.canShare} />
        <div className="panel-links">
          <Button variant="quiet" size="small" onClick={props.showSettings}>
            <Settings size={18} aria-hidden="true" />
            Settings
          </Button>
          <Button variant="quiet" size="small" onClick={props.showHelp}>
            <Keyboard size={18} aria-hidden="true" />
            Keyboard shortcuts
          </Button>
        </div>
      </div>
    </Panel>
  );
}
