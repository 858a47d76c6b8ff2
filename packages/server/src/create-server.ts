import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import { isIP } from 'node:net';
import { createSecureContext } from 'node:tls';
import { SUPPORTED_VERSIONS } from '@peerline/protocol';
import { Gatekeeper } from './access/gatekeeper.ts';
import { joinTokens } from './access/join-tokens.ts';
import { StartError } from './errors.ts';
import { Gateway, type Handshake } from './gateway/gateway.ts';
import { lanAddresses, machineNames } from './http/addresses.ts';
import { selfMadeCertificate, type Certificate } from './http/certificate.ts';
import { clientAddress } from './http/client-address.ts';
import { urlHost } from './http/host-header.ts';
import { HttpGate } from './http/http-gate.ts';
import { bindAddresses, Listeners } from './http/listeners.ts';
import { Pages, type Health } from './http/pages.ts';
import { StaticFiles } from './http/static-files.ts';
import { iceGrantFor, type IceServerOptions } from './ice-servers.ts';
import { RefusalLog } from './log/refusal-log.ts';
import { resolveOptions, type ResolvedOptions, type ServerOptions } from './options.ts';
import { FrontGate } from './policy/front-gate.ts';
import { Switchboard } from './room/switchboard.ts';
import { StunResponder } from './stun/responder.ts';
import { StunServer } from './stun/stun-server.ts';
import { SERVER_VERSION } from './version.ts';

/** A running server. */
export interface PeerlineServer {
  /** Where it is reached from this machine, like `http://localhost:3000`. */
  readonly url: string;
  readonly port: number;
  /** UDP port of the STUN responder; nothing when it is off. */
  readonly stunPort: number | undefined;
  /**
   * Ends it in order: joins are refused and members told with `shutting-down`, then connections end.
   * Calling it again waits for the same end.
   *
   * @param options `graceMs`: how long connections may take to end by themselves. Default 2000.
   */
  close(options?: { readonly graceMs?: number }): Promise<void>;
}

/** Long enough for a last word to reach a slow phone, short enough for any supervisor. */
const DEFAULT_GRACE_MS = 2_000;

/** An answer that nobody has read from for this long is given up, and its memory with it. */
const IDLE_SOCKET_MS = 60_000;

/** Requests are small: one that is not complete after this long is meant to hold a connection. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** Two round trips, and SYNs that are lost on a bad link; by default it is two minutes. */
const TLS_HANDSHAKE_TIMEOUT_MS = 10_000;

/**
 * Starts a signaling server, and with it the STUN responder and the app's pages.
 *
 * @throws {StartError} with a message that says what to do
 */
export async function createServer(options: ServerOptions = {}): Promise<PeerlineServer> {
  const resolved = resolveOptions(options);
  const { log, store, limits, host, staticDir } = resolved;
  const nowMs = (): number => performance.now();
  const startedAtMs = nowMs();
  let state: 'up' | 'closing' = 'up';

  const authorize =
    resolved.joinTokens === undefined ? resolved.authorize : await joinTokens(resolved.joinTokens);
  const http = await makeHttpServer(resolved);
  const switchboard = new Switchboard({ store, capacity: resolved.roomCapacity, log, nowMs });
  const health = async (): Promise<Health> => ({
    status: state === 'up' ? 'ok' : 'shutting-down',
    version: SERVER_VERSION,
    protocol: SUPPORTED_VERSIONS,
    uptimeSeconds: Math.floor((nowMs() - startedAtMs) / 1_000),
    rooms: await store.roomCount(),
    peers: switchboard.memberCount,
    connections: gateway.connectionCount,
  });
  const files = staticDir === undefined ? undefined : new StaticFiles(staticDir);
  if (files !== undefined && !(await files.hasIndex())) {
    log.warn({ staticDir }, 'the static directory has no index.html yet');
  }
  const pages = new Pages({ files, health, log, isCertified: resolved.tls?.kind === 'given' });
  const addressOf = ({ remoteAddress, headers }: Handshake): string | undefined =>
    clientAddress(remoteAddress, headers['x-forwarded-for'], resolved.trustedProxies);
  const refusals = new RefusalLog(log);
  const gate = new HttpGate({
    gate: new FrontGate(limits, nowMs),
    refusals,
    arePeersProxies: resolved.trustedProxies > 0,
    addressOf: ({ headers, socket: { remoteAddress } }) => addressOf({ headers, remoteAddress }),
  });
  http.on('request', (request, response) => {
    if (gate.admits(request, response, 'page')) pages.handle(request, response);
  });

  // Joining clients are told of the STUN port, which is known once it is bound.
  let iceOptions: IceServerOptions = { ...iceBase(resolved), stunPort: undefined };
  const gateway = new Gateway(http, {
    switchboard,
    gatekeeper: authorize && new Gatekeeper(authorize, log),
    limits,
    log,
    nowMs,
    origins: resolved.origins,
    roomCapacity: resolved.roomCapacity,
    clientAddress: addressOf,
    gate,
    refusals,
    ice: (hostHeader) => iceGrantFor(iceOptions, hostHeader, Date.now()),
  });

  const stun = new StunServer(new StunResponder(limits.stun, nowMs), log);
  const listeners = new Listeners(http, (socket) => gate.acceptsSocket(socket));
  const port = await listeners.listen(host, resolved.port);
  const stunPort = await listenStun(stun, resolved, port).catch((error: unknown) => {
    listeners.destroy();
    throw error;
  });
  iceOptions = { ...iceOptions, stunPort };
  log.info({ port, stunPort, https: resolved.tls !== undefined }, 'server up');

  const end = async (graceMs: number): Promise<void> => {
    const deadlineMs = nowMs() + graceMs;
    state = 'closing';
    listeners.stop();
    stun.close();
    switchboard.shutDown();
    await gateway.close(graceMs);
    // What was written last is still on its way.
    await listeners.drain(Math.max(0, deadlineMs - nowMs()));
    listeners.destroy();
    refusals.close();
    log.info({}, 'server down');
  };
  let ending: Promise<void> | undefined;
  return {
    url: `${resolved.tls === undefined ? 'http' : 'https'}://${urlHost(reachableHost(host))}:${port}`,
    port,
    stunPort,
    close: ({ graceMs = DEFAULT_GRACE_MS } = {}) => (ending ??= end(graceMs)),
  };
}

async function makeHttpServer(options: ResolvedOptions): Promise<HttpServer | HttpsServer> {
  const { tls } = options;
  const server =
    tls === undefined
      ? createHttpServer()
      : createHttpsServer({
          ...(await certificateFor(options, tls)),
          handshakeTimeout: TLS_HANDSHAKE_TIMEOUT_MS,
        });
  server.timeout = IDLE_SOCKET_MS;
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  return server;
}

async function certificateFor(
  options: ResolvedOptions,
  tls: NonNullable<ResolvedOptions['tls']>,
): Promise<Certificate> {
  if (tls.kind === 'given') {
    try {
      createSecureContext({ cert: tls.cert, key: tls.key });
      return { cert: tls.cert, key: tls.key };
    } catch (cause) {
      const message = 'certificate and key do not fit together, or are not PEM; check both files';
      throw new StartError('certificate-unreadable', message, { cause });
    }
  }
  const hosts = new Set([...machineNames(), '127.0.0.1', '::1', ...lanAddresses()]);
  if (options.publicHost !== undefined) hosts.add(options.publicHost.replace(/^\[|\]$/g, ''));
  if (isIP(options.host) === 0) hosts.add(options.host);
  try {
    return await selfMadeCertificate({
      dataDir: tls.dataDir,
      hosts: [...hosts],
      now: new Date(),
    });
  } catch (cause) {
    const message = `the certificate cannot be kept in ${tls.dataDir}; choose a directory that can be written with --data-dir`;
    throw new StartError('certificate-unreadable', message, { cause });
  }
}

async function listenStun(
  stun: StunServer,
  options: ResolvedOptions,
  httpPort: number,
): Promise<number | undefined> {
  const { stunPort, host } = options;
  if (stunPort === 'off') return undefined;
  const addresses = bindAddresses(host);
  if (stunPort !== 'same') return await stun.listen(addresses, stunPort);
  try {
    return await stun.listen(addresses, httpPort);
  } catch (error) {
    // Nobody has asked for this very number, so any will do.
    if (options.port !== 0) throw error;
    return await stun.listen(addresses, 0);
  }
}

function iceBase(options: ResolvedOptions): Omit<IceServerOptions, 'stunPort'> {
  const { publicHost, stunUrls, turnServers, turn } = options;
  return { publicHost, stunUrls, turnServers, ...(turn !== undefined && { turn }) };
}

/** All addresses are no address to open; this machine is among them. */
function reachableHost(host: string): string {
  return host === '0.0.0.0' || host === '::' ? 'localhost' : host;
}
