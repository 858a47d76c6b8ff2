import { CircleCheck, CircleX, Info, TriangleAlert } from 'lucide-react';
import './findings.css';

export interface FindingLine {
  readonly severity: 'ok' | 'info' | 'warning' | 'problem';
  readonly text: string;
}

const ICONS = { ok: CircleCheck, info: Info, warning: TriangleAlert, problem: CircleX };

const LABELS = { ok: 'Fine', info: 'Note', warning: 'Warning', problem: 'Problem' };

export function SeverityIcon(props: { readonly severity: FindingLine['severity'] }) {
  const Icon = ICONS[props.severity];
  return <Icon role="img" aria-label={LABELS[props.severity]} data-severity={props.severity} />;
}

/** Options of a command line are kept in one piece, to be read and copied. */
export function WithOptions({ text }: { readonly text: string }) {
  return text
    .split(/(--[a-z-]+)/u)
    .map((part) => (part.startsWith('--') ? <code key={part}>{part}</code> : part));
}

/** What was found, one thing a line. */
export function Findings({ lines }: { readonly lines: readonly FindingLine[] }) {
  return (
    <ul className="findings">
      {lines.map(({ severity, text }) => (
        <li key={text}>
          <SeverityIcon severity={severity} />
          <span>
            <WithOptions text={text} />
          </span>
        </li>
      ))}
    </ul>
  );
}
