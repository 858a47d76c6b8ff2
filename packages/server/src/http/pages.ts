import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Log } from '../log/log.ts';
import { securityHeaders } from './security-headers.ts';
import type { StaticFiles } from './static-files.ts';

/** What `/healthz` answers. */
export interface Health {
  readonly status: 'ok' | 'shutting-down';
  readonly version: string;
  /** The protocol versions that are spoken, newest first. */
  readonly protocol: readonly number[];
  readonly uptimeSeconds: number;
  readonly rooms: number;
  readonly peers: number;
  /** Open connections, joined or not. */
  readonly connections: number;
}

export interface PagesOptions {
  readonly files: StaticFiles | undefined;
  readonly health: () => Promise<Health>;
  readonly log: Log;
  /** Whether it is served with a certificate that was given, not made here. */
  readonly isCertified: boolean;
}

const NO_APP = `This is a Peerline signaling server, and it is running.
It has no call app to show: build one (npm run build) and start the server with --static apps/call/dist.
Clients connect to this address; its state is at /healthz.
`;

/** Answers what is not Socket.IO: the app's files and `/healthz`. Never throws. */
export class Pages {
  readonly #options: PagesOptions;

  constructor(options: PagesOptions) {
    this.#options = options;
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    this.#answer(request, response).catch((error: unknown) => {
      // Browsers break off what they no longer need; that is no fault of anyone's.
      this.#options.log.debug({ err: error }, 'a page was not sent to its end');
      if (response.headersSent) response.destroy();
      else sendText(response, 500, 'The server failed to answer this.\n', {});
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const headers = securityHeaders(request.headers.host, this.#options.isCertified);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      sendText(response, 405, 'Only GET and HEAD are answered here.\n', {
        ...headers,
        Allow: 'GET, HEAD',
      });
      return;
    }
    const pathname = (request.url ?? '/').split('?', 1)[0] ?? '/';
    if (pathname === '/healthz') {
      await this.#health(response, headers);
      return;
    }
    const { files } = this.#options;
    if (await files?.serve(request, response, pathname, headers)) return;
    const isHome = pathname === '/' || pathname === '/index.html';
    if (isHome) sendText(response, 200, NO_APP, headers);
    else sendText(response, 404, 'There is nothing at this address.\n', headers);
  }

  async #health(response: ServerResponse, headers: OutgoingHttpHeaders): Promise<void> {
    const health = await this.#options.health();
    const body = `${JSON.stringify(health)}\n`;
    response
      .writeHead(health.status === 'ok' ? 200 : 503, {
        ...headers,
        'Cache-Control': 'no-store',
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(body),
      })
      .end(body);
  }
}

function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  headers: OutgoingHttpHeaders,
): void {
  response
    .writeHead(status, {
      ...headers,
      'Cache-Control': 'no-store',
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Length': Buffer.byteLength(text),
    })
    .end(text);
}
