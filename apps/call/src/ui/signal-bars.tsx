import './signal-bars.css';

const BARS = [1, 2, 3];

/** Shown where a connection is not good: one or two bars of three, or none. */
export function SignalBars(props: {
  readonly lit: number;
  readonly label: string;
  /** Leads to more about it. */
  readonly onPress: () => void;
}) {
  return (
    <button
      type="button"
      className="signal-bars"
      aria-label={props.label}
      title={props.label}
      onClick={props.onPress}
    >
      {BARS.map((bar) => (
        <span key={bar} data-lit={bar <= props.lit} />
      ))}
    </button>
  );
}
