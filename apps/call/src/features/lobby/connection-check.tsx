import { useEffect, useId, useState } from 'react';
import { connectionLine, findingLines } from '../../model/connection-help.ts';
import type { Diagnoser } from '../../model/diagnoser.ts';
import { Button } from '../../ui/button.tsx';
import { Findings, SeverityIcon, WithOptions } from '../../ui/findings.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { useStore } from '../use-store.ts';

/** One quiet line on whether calls get out of here; the rest on demand. */
export function ConnectionCheck({ check }: { readonly check: Diagnoser }) {
  const { busy, diagnosis } = useStore(check);
  const [open, setOpen] = useState(false);
  const details = useId();
  useEffect(() => check.start(), [check]);
  const line = diagnosis === undefined || busy ? undefined : connectionLine(diagnosis);
  return (
    <div className="check">
      <p className="check-line" role="status">
        {line === undefined ? <Spinner /> : <SeverityIcon severity={line.severity} />}
        <span>
          {line === undefined ? (
            'Checking the connection…'
          ) : (
            <WithOptions text={`${line.text} ${line.step ?? ''}`} />
          )}
        </span>
      </p>
      {diagnosis !== undefined && (
        <>
          <button
            type="button"
            className="check-more"
            aria-expanded={open}
            aria-controls={details}
            onClick={() => setOpen(!open)}
          >
            {open ? 'Hide details' : 'Details'}
          </button>
          <div className="check-details" id={details} hidden={!open}>
            <Findings lines={findingLines(diagnosis)} />
            <Button size="small" disabled={busy} onClick={() => check.run()}>
              Check again
            </Button>
          </div>
        </>
      )}
    </div>
  );
}
