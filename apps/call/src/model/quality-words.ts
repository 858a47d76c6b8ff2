import type { PeerQuality } from 'peerline';
import type { QualitySample } from './quality-log.ts';

const ROUTES: { readonly [R in PeerQuality['route']]: string } = {
  direct: 'direct',
  relay: 'over a relay',
  unknown: '',
};

const LIMITS: { readonly [L in PeerQuality['limitedBy']]: string | undefined } = {
  none: undefined,
  cpu: 'Your picture is smaller for them, since this device is busy.',
  bandwidth: 'Your picture is smaller for them, since the line has no room for more.',
  other: 'Your picture is smaller for them.',
};

/** Such as "Direct, 42 ms there and back, 0.4 % lost". */
export function qualityText({ route, rttMs, loss }: PeerQuality): string {
  const parts = [ROUTES[route], rttMs === undefined ? '' : roundTrip(rttMs), lost(loss)];
  const text = parts.filter((part) => part !== '').join(', ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** From this score down a connection is not good. */
const WEAK_SCORE = 2;

export function isWeak({ score }: PeerQuality): boolean {
  return score <= WEAK_SCORE;
}

/** What holds the picture back that is sent to someone; undefined where nothing does. */
export function limitText(quality: PeerQuality): string | undefined {
  const { limitedBy } = quality;
  // Browsers say so of bit rates as well that are kept low on purpose.
  return limitedBy === 'bandwidth' && !isWeak(quality) ? undefined : LIMITS[limitedBy];
}

/** What a plot of samples shows, for those who do not see it. */
export function samplesText(samples: readonly QualitySample[]): string {
  const times = samples.flatMap(({ rttMs }) => (rttMs === undefined ? [] : [Math.round(rttMs)]));
  if (times.length === 0) return 'Nothing was measured yet';
  const [low, high] = [Math.min(...times), Math.max(...times)];
  const range = low === high ? `${low} ms` : `${low} to ${high} ms`;
  const worst = Math.max(...samples.map(({ loss }) => loss));
  return `The last two minutes: ${range} there and back, ${lost(worst)}${worst > 0 ? ' at most' : ''}`;
}

function roundTrip(ms: number): string {
  return `${ms < 1 ? 'less than 1' : Math.round(ms)} ms there and back`;
}

function lost(loss: number): string {
  if (loss === 0) return 'nothing lost';
  const percent = loss * 100;
  return percent < 0.1 ? 'less than 0.1 % lost' : `${percent.toFixed(percent < 10 ? 1 : 0)} % lost`;
}
