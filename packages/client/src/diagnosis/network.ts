import { iceUrls, type IceUrl } from './ice-url.ts';
import { probeIce, type ProbeOptions, type ProbeOutcome } from './ice-probe.ts';
import type { Finding } from './verdicts.ts';

interface Asked {
  readonly target: IceUrl;
  readonly outcome: ProbeOutcome;
}

/** Asks every STUN and TURN server at once, each by itself, and says how calls get out of here. */
export async function examineNetwork(
  servers: readonly RTCIceServer[],
  { relayOnly, ...options }: ProbeOptions & { readonly relayOnly: boolean },
): Promise<readonly Finding[]> {
  // Who keeps to relays wants no packet to go anywhere else, not even to STUN.
  const targets = iceUrls(servers).filter(({ kind }) => kind === 'turn' || !relayOnly);
  const asked = await Promise.all(
    targets.map(async (target) => ({ target, outcome: await probeIce(target, options) })),
  );
  const turn = asked.filter(({ target }) => target.kind === 'turn');
  const findings = [...udpFindings(asked), ...turnFindings(turn)];
  const relay = findings.find((finding) => finding.code === 'turn-works');
  const blocked = findings.some(({ code }) => code === 'udp-blocked');
  if (blocked && relay !== undefined) findings.push({ ...relay, code: 'relay-only-works' });
  if (relay === undefined && (blocked || relayOnly)) {
    findings.push({ code: 'no-way-out', open: targets.map(({ wayOut }) => wayOut) });
  }
  return findings;
}

/**
 * A refusal that came over UDP shows that UDP gets through. That nothing came shows the contrary only
 * where servers were silent: a browser that fails at once had no address for the server, or would not
 * ask it, and one that finishes without a word may have had an answer (docs/decisions/0016).
 */
function udpFindings(asked: readonly Asked[]): readonly Finding[] {
  const overUdp = asked.filter(({ target }) => target.protocol === 'udp');
  const answer = overUdp.find(
    ({ outcome }) => outcome.status === 'answered' || outcome.status === 'refused',
  );
  if (answer !== undefined) return [{ code: 'udp-works', url: answer.target.url }];
  if (overUdp.some(({ outcome }) => outcome.status === 'unclear')) return [];
  const silent = overUdp.filter(({ outcome }) => outcome.status === 'silent');
  if (silent.length === 0) return [];
  return [{ code: 'udp-blocked', urls: silent.map(({ target }) => target.url) }];
}

function turnFindings(asked: readonly Asked[]): readonly Finding[] {
  if (asked.length === 0) return [{ code: 'no-turn' }];
  return asked.map(({ target: { url, protocol }, outcome }): Finding => {
    if (outcome.status === 'answered') return { code: 'turn-works', url, protocol };
    if (outcome.status === 'refused') {
      return { code: 'turn-refused', url, iceError: outcome.iceError };
    }
    const detail = outcome.status === 'failed' ? outcome.detail : undefined;
    return { code: 'turn-unreachable', url, detail };
  });
}
