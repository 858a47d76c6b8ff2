import { Peer } from 'peerjs';

/** Someone at a PeerServer of ours, without STUN and TURN. */
export function peerAt(server: string, name: string): Peer {
  const { hostname, port } = new URL(server);
  return new Peer(name, {
    host: hostname,
    port: Number(port),
    path: '/',
    secure: false,
    config: { iceServers: [] },
  });
}
