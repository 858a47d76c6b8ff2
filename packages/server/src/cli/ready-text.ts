import { isIP } from 'node:net';
import { urlHost } from '../http/host-header.ts';

export interface ReadyServer {
  readonly url: string;
  readonly port: number;
  /** What it was told to listen on. */
  readonly host: string;
  readonly tls: 'none' | 'self-made' | 'given';
}

/** What is printed once the server is up. The first line is what scripts wait for. */
export function readyText(server: ReadyServer, lanAddresses: readonly string[]): string {
  const { url, port, host, tls } = server;
  const lines = [`Peerline is ready at ${url}`];
  if (!isLoopback(host)) {
    const scheme = tls === 'none' ? 'http' : 'https';
    const others = sharedAddresses(host, lanAddresses)
      .map((address) => `${scheme}://${urlHost(address)}:${port}`)
      .filter((other) => other !== url);
    if (others.length > 0) lines.push('On this network:', ...others.map((other) => `  ${other}`));
    if (tls === 'none') {
      lines.push('Other machines get no camera here: browsers give it to https only. Add --https.');
    }
    if (tls === 'self-made') {
      lines.push('The certificate was made here, so each browser warns once: choose to go on.');
    }
  }
  return `${lines.join('\n')}\n`;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function sharedAddresses(host: string, lanAddresses: readonly string[]): readonly string[] {
  if (host === '0.0.0.0') return lanAddresses.filter((address) => isIP(address) === 4);
  if (host === '::') return lanAddresses;
  return [];
}
