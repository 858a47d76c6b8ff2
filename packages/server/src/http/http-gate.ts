import { ServerResponse, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { RefusalLog } from '../log/refusal-log.ts';
import type { FrontGate, GateRefusal } from '../policy/front-gate.ts';

export interface HttpGateOptions {
  readonly gate: FrontGate;
  readonly refusals: RefusalLog;
  /** Whether it is proxies that connect, which say for whom in a header. */
  readonly arePeersProxies: boolean;
  readonly addressOf: (request: IncomingMessage) => string | undefined;
}

/** What a request asks for, as far as the gate tells. */
export type Errand = 'page' | 'opening' | 'going-on';

/** A connection that stands. */
export interface Stay {
  /** It has closed. */
  readonly leave: () => void;
  /** It flooded and was cut. */
  readonly blame: () => void;
}

/** Where there is no room for another connection, some of those that stand end within this. */
const FULL_RETRY_AFTER_SECONDS = 10;

/** Answers what is too much by itself: HTTP is where it costs least (SPEC.md, RATE3). */
export class HttpGate {
  readonly #options: HttpGateOptions;
  /** The last answer of each connection. */
  readonly #answers = new WeakMap<Socket, { readonly writableFinished: boolean }>();

  constructor(options: HttpGateOptions) {
    this.#options = options;
  }

  /**
   * A TCP connection, before anything came on it.
   *
   * @returns whether it may stay; it is ended otherwise
   */
  acceptsSocket(socket: Socket): boolean {
    const { gate, arePeersProxies } = this.#options;
    // The address of a proxy says nothing of the clients behind it.
    const leave = gate.enterSocket(arePeersProxies ? undefined : socket.remoteAddress);
    if (typeof leave === 'function') {
      socket.once('close', leave);
      return true;
    }
    this.#cut(socket, reasonOf(leave));
    return false;
  }

  /**
   * @param response nothing else than a `ServerResponse` for an upgrade, which is answered on its socket
   * @returns whether the request may go on; it is answered otherwise
   */
  admits(request: IncomingMessage, response: unknown, errand: Errand): boolean {
    const { gate, addressOf } = this.#options;
    if (this.#isAhead(request, response)) {
      this.#cut(request.socket, 'pipelining');
      return false;
    }
    const address = addressOf(request);
    const refusal =
      gate.request(address) ?? (errand === 'opening' ? gate.opening(address) : undefined);
    if (refusal === undefined) return true;
    this.#refuse(request, response, answerTo(refusal));
    return false;
  }

  /** A connection came of it. Nothing that is returned holds the request. */
  enter(request: IncomingMessage): Stay {
    const { gate, addressOf } = this.#options;
    const address = addressOf(request);
    return { leave: gate.enter(address), blame: () => gate.blame(address) };
  }

  /** Answers a request whose page may not use this server. */
  refuseOrigin(request: IncomingMessage, response: unknown): void {
    this.#refuse(request, response, FOREIGN_ORIGIN);
  }

  /**
   * Node acts on all that a read brought at once, which are two thousand requests while everyone else waits. No
   * client and no proxy that is in use sends a request before the one before it is answered (RFC 9112 section 9.3.2).
   */
  #isAhead({ socket }: IncomingMessage, response: unknown): boolean {
    const before = this.#answers.get(socket);
    if (response instanceof ServerResponse) this.#answers.set(socket, response);
    return socket.destroyed || (before !== undefined && !before.writableFinished);
  }

  /** Ends a connection without an answer. */
  #cut(socket: Socket, reason: string): void {
    this.#options.refusals.note('socket refused', reason);
    socket.destroy();
  }

  #refuse(request: IncomingMessage, response: unknown, answer: Answer): void {
    const { status, text, reason, headers } = answer;
    this.#options.refusals.note('request refused', reason);
    const sent = { 'Content-Type': 'text/plain; charset=utf-8', ...headers };
    if (response instanceof ServerResponse) {
      // Whoever is refused may go on sending a body: that is not waited for.
      response.writeHead(status, { ...sent, Connection: 'close' });
      response.end(text);
      return;
    }
    const lines = Object.entries({ ...sent, 'Content-Length': text.length, Connection: 'close' });
    request.socket.end(
      [`HTTP/1.1 ${status} Refused`, ...lines.map((line) => line.join(': ')), '', text].join(
        '\r\n',
      ),
      () => request.socket.destroy(),
    );
  }
}

interface Answer {
  readonly status: 403 | 429 | 503;
  /** In ASCII. */
  readonly text: string;
  /** For the log. */
  readonly reason: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const FOREIGN_ORIGIN: Answer = {
  status: 403,
  text: 'Pages of this origin may not use this server; its operator lists those that may (--origin).\n',
  reason: 'origin',
};

/** For the log. */
function reasonOf(refusal: GateRefusal): string {
  return refusal.kind === 'full' ? `${refusal.of}-full` : refusal.kind;
}

function answerTo(refusal: GateRefusal): Answer {
  switch (refusal.kind) {
    case 'too-many': {
      const seconds = Math.ceil(refusal.retryAfterMs / 1_000);
      return {
        status: 429,
        text: 'Too many requests from this network; wait for Retry-After.\n',
        reason: reasonOf(refusal),
        headers: { 'Retry-After': String(seconds) },
      };
    }
    case 'full':
      return {
        status: 503,
        text: 'No more connections are taken now; wait for Retry-After.\n',
        reason: reasonOf(refusal),
        headers: { 'Retry-After': String(FULL_RETRY_AFTER_SECONDS) },
      };
  }
}
