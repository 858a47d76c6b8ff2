import './signal-bars.css';

const BARS = [1, 2, 3];

/** Shown where a connection is not good: one or two bars of three, or none. */
export function SignalBars(props: { readonly lit: number; readonly label: string }) {
  return (
    <span className="signal-bars" role="img" aria-label={props.label} title={props.label}>
      {BARS.map((bar) => (
        <span key={bar} data-lit={bar <= props.lit} />
      ))}
    </span>
  );
}
