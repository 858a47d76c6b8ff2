import { createServer } from '../../create-server.ts';
import { UNLIMITED_RATES } from '../unlimited.ts';
import type { Log, LogFields } from '../../log/log.ts';

/** What the server's process tells whoever fuzzes it. */
export type ServerReport =
  | { readonly kind: 'up'; readonly port: number }
  | { readonly kind: 'error-logged'; readonly text: string }
  | {
      readonly kind: 'memory';
      readonly rssBytes: number;
      readonly heapBytes: number;
      readonly externalBytes: number;
    };

/** Limits are tested elsewhere: here everything has to come through to where it may break something. */
const LIMITS = {
  ...UNLIMITED_RATES,
  ...{ connectionsPerAddressMax: 10_000, connectionsPerNetworkMax: 10_000 },
  ...{ socketsPerAddressMax: 10_000 },
};

function tell(report: ServerReport): void {
  process.send?.(report);
}

function failed(fields: LogFields, message: string): void {
  const { err } = fields;
  const text = err instanceof Error ? `${message}: ${err.stack}` : message;
  tell({ kind: 'error-logged', text });
}

const log: Log = { debug: () => undefined, info: () => undefined, warn: failed, error: failed };
const server = await createServer({
  ...{ host: '127.0.0.1', port: 0, stunPort: 'off', log, limits: LIMITS },
});
process.on('message', (message) => {
  if (message !== 'measure') return;
  // Twice: the second one takes what finalizers of the first let go.
  globalThis.gc?.();
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  tell({ kind: 'memory', rssBytes: rss, heapBytes: heapUsed, externalBytes: external });
});
process.on('disconnect', () => process.exit(0));
tell({ kind: 'up', port: server.port });
