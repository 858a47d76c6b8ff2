import type { PeerQuality } from 'peerline';
import type { Call } from '../../model/call.ts';
import { QUALITY_KEPT_MS, type QualitySample } from '../../model/quality-log.ts';
import { limitText, qualityText, samplesText } from '../../model/quality-words.ts';
import { QualityPlot, type PlotPoint } from '../../ui/quality-plot.tsx';
import { useStore } from '../use-store.ts';

/** How the connection with each of the others does, and did of late. */
export function PeopleQuality({ call }: { readonly call: Call }) {
  const others = useStore(call.participants);
  const log = useStore(call.qualities);
  const lines = others.flatMap(({ id, name, quality }) =>
    quality === undefined
      ? []
      : [<PersonQuality key={id} {...{ name, quality }} samples={log.get(id) ?? []} />],
  );
  if (lines.length === 0) return null;
  return (
    <ul className="people-quality" aria-label="Connections">
      {lines}
    </ul>
  );
}

function PersonQuality(props: {
  readonly name: string;
  readonly quality: PeerQuality;
  readonly samples: readonly QualitySample[];
}) {
  const { name, quality, samples } = props;
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
