import type { PeerId } from 'peerline';
import type { Call } from '../../model/call.ts';
import { findingLines } from '../../model/connection-help.ts';
import { Button } from '../../ui/button.tsx';
import { Findings } from '../../ui/findings.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { useStore } from '../use-store.ts';
import { PeopleQuality } from './people-quality.tsx';

/** What works and what does not, and the next step. */
export function ConnectionPanel({ call }: { readonly call: Call }) {
  const { busy, diagnosis } = useStore(call.diagnoser);
  const nameOf = (peer: PeerId): string => call.participants.find(peer)?.name ?? 'someone who left';
  return (
    <Panel title="Connection" onClose={() => call.closePanel()}>
      <div className="panel-body connection">
        <p className="panel-note" role="status">
          {busy ? (
            <>
              <Spinner /> Looking for what is wrong…
            </>
          ) : (
            'What works from here, and what does not'
          )}
        </p>
        {diagnosis !== undefined && <Findings lines={findingLines(diagnosis, nameOf)} />}
        <Button size="small" disabled={busy} onClick={() => call.diagnoser.run()}>
          Check again
        </Button>
        <PeopleQuality call={call} />
      </div>
    </Panel>
  );
}
