import './quality-plot.css';

export interface PlotPoint {
  /** 0 at the left end, 1 at the right one. */
  readonly x: number;
  /** In milliseconds; undefined where it is not known. */
  readonly rttMs: number | undefined;
  /** 0 to 1. */
  readonly loss: number;
}

const WIDTH = 240;
const HEIGHT = 40;

/** What fills the height, at least: a quarter of a second is heard by everyone. */
const FULL_RTT_MS = 250;

/** From this share on speech has holes that are heard. */
const FULL_LOSS = 0.1;

/** Round trips as a line, losses as bars from below. */
export function QualityPlot(props: {
  readonly points: readonly PlotPoint[];
  readonly label: string;
}) {
  const { points, label } = props;
  const known = points.flatMap(({ x, rttMs }) => (rttMs === undefined ? [] : [{ x, rttMs }]));
  const topMs = Math.max(FULL_RTT_MS, ...known.map(({ rttMs }) => rttMs));
  const line = known.map(({ x, rttMs }) => `${at(x * WIDTH)},${at(HEIGHT * (1 - rttMs / topMs))}`);
  return (
    <div className="quality-plot" role="img" aria-label={label}>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        {points
          .filter(({ loss }) => loss > 0)
          .map(({ x, loss }) => {
            const height = HEIGHT * Math.min(1, loss / FULL_LOSS);
            const place = { x: at(x * WIDTH) - 2, y: at(HEIGHT - height) };
            return <rect key={x} {...place} width={3} height={at(height)} />;
          })}
        <polyline points={line.join(' ')} vectorEffect="non-scaling-stroke" />
      </svg>
      <span aria-hidden="true">{Math.round(topMs)} ms</span>
    </div>
  );
}

function at(value: number): number {
  return Math.round(value * 10) / 10;
}
