import './slider.css';

/** Loudness, from nothing to all. */
export function VolumeSlider(props: {
  readonly label: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
}) {
  return (
    <input
      className="slider"
      type="range"
      min={0}
      max={100}
      step={5}
      aria-label={props.label}
      value={Math.round(props.value * 100)}
      onChange={(event) => props.onChange(event.target.valueAsNumber / 100)}
    />
  );
}
