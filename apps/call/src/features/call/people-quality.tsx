import type { Call } from '../../model/call.ts';
import type { Participant } from '../../model/participants.ts';
import { QUALITY_KEPT_MS, type QualitySample } from '../../model/quality-log.ts';
import { limitText, qualityText, samplesText } from '../../model/quality-words.ts';
import { QualityPlot, type PlotPoint } from '../../ui/quality-plot.tsx';
import { useStore } from '../use-store.ts';

const NO_SAMPLES: readonly QualitySample[] = [];

/** How the connection with each of the others does, and did of late. */
export function PeopleQuality({ call }: { readonly call: Call }) {
  const others = useStore(call.participants);
  const log = useStore(call.qualities);
  const shown = others.filter(({ quality }) => quality !== undefined);
  if (shown.length === 0) return null;
  return (
    <ul className="people-quality" aria-label="Connections">
      {shown.map((participant) => (
        <PersonQuality
          key={participant.id}
          participant={participant}
          samples={log.get(participant.id) ?? NO_SAMPLES}
        />
      ))}
    </ul>
  );
}

function PersonQuality(props: {
  readonly participant: Participant;
  readonly samples: readonly QualitySample[];
}) {
  const { name, quality } = props.participant;
  const { samples } = props;
  if (quality === undefined) return null;
  const limit = limitText(quality);
  return (
    <li>
      <strong>
        <bdi>{name}</bdi>
      </strong>
      <QualityPlot points={pointsOf(samples)} label={samplesText(samples)} />
      <small>{qualityText(quality)}</small>
      {limit !== undefined && <small>{limit}</small>}
    </li>
  );
}

/** The newest at the right end; the left one is two minutes ago. */
function pointsOf(samples: readonly QualitySample[]): readonly PlotPoint[] {
  const lastMs = samples.at(-1)?.atMs ?? 0;
  return samples.map(({ atMs, rttMs, loss }) => ({
    x: 1 - (lastMs - atMs) / QUALITY_KEPT_MS,
    rttMs,
    loss,
  }));
}
