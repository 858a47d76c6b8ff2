import type { MessageMap, Peer } from '../api.ts';
import type { Finding, LikelyCause } from './verdicts.ts';

/** What was found before, as far as it tells why a peer is not reached. */
export interface Surroundings {
  readonly network: readonly Finding[];
  readonly serverReached: boolean;
}

/** What is to say of each peer that is not simply connected. */
export async function examinePeers<M extends MessageMap>(
  peers: Iterable<Peer<M>>,
  surroundings: Surroundings,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const peer of peers) {
    const { id, state } = peer;
    switch (state.status) {
      case 'connecting':
      case 'recovering':
      case 'away': {
        const { status, sinceMs } = state;
        const cause = status === 'away' ? 'away' : await likelyCause(peer, surroundings);
        findings.push({ code: 'peer-unreachable', peer: id, status, sinceMs, cause });
        break;
      }
      case 'connected':
        if (peer.quality?.route === 'relay') findings.push({ code: 'peer-relayed', peer: id });
        break;
      case 'lost':
    }
  }
  return findings;
}

async function likelyCause<M extends MessageMap>(
  peer: Peer<M>,
  { network, serverReached }: Surroundings,
): Promise<LikelyCause> {
  if (!(await hasAnswered(peer))) return serverReached ? 'no-answer' : 'no-signaling';
  const codes = new Set(network.map(({ code }) => code));
  if (codes.has('no-way-out')) return 'own-network';
  return codes.has('turn-works') ? 'their-network' : 'no-relay';
}

/** A peer whose candidates are known has said where it is. */
async function hasAnswered<M extends MessageMap>(peer: Peer<M>): Promise<boolean> {
  const stats = await peer.stats();
  for (const { type } of stats.values() as Iterable<{ readonly type?: unknown }>) {
    if (type === 'remote-candidate') return true;
  }
  return false;
}
