import type { OutgoingHttpHeaders } from 'node:http';
import { parseHostHeader } from './host-header.ts';

/** Features of the browser that a page of this server may use, itself and nobody in its frames. */
const OWN_FEATURES = [
  'autoplay',
  'camera',
  'clipboard-write',
  'display-capture',
  'fullscreen',
  'microphone',
  'picture-in-picture',
  'screen-wake-lock',
  'speaker-selection',
];

/** Features that nothing here needs. */
const REFUSED_FEATURES = ['geolocation', 'hid', 'midi', 'payment', 'serial', 'usb'];

const PERMISSIONS_POLICY = [
  ...OWN_FEATURES.map((feature) => `${feature}=(self)`),
  ...REFUSED_FEATURES.map((feature) => `${feature}=()`),
].join(', ');

/** A year, as browsers ask for. Subdomains are other people's business. */
const STRICT_TRANSPORT = 'max-age=31536000';

/**
 * Headers of every answer. The page may load code and style from here only, and talk to here only:
 * a script smuggled into a name or a chat line does not run, and could not tell anyone.
 *
 * @param hostHeader the request's `Host`, for browsers in which `'self'` does not cover WebSockets
 * @param isCertified whether browsers trust the server's certificate: behind one of its own making HSTS would
 *   lock people out for a year, since it lets nobody click a warning away (RFC 6797 section 12.1)
 */
export function securityHeaders(
  hostHeader: string | undefined,
  isCertified = false,
): OutgoingHttpHeaders {
  const self = parseHostHeader(hostHeader);
  const authority = self && (self.port === undefined ? self.host : `${self.host}:${self.port}`);
  // A source expression cannot hold an IPv6 address; browsers take `'self'` there.
  const sockets =
    authority === undefined || authority.startsWith('[')
      ? ''
      : ` ws://${authority} wss://${authority}`;
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    `connect-src 'self'${sockets}`,
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    // Trusted Types: no text becomes HTML or script, whatever in the page might try to make it so.
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ];
  return {
    'Content-Security-Policy': policy.join('; '),
    'Permissions-Policy': PERMISSIONS_POLICY,
    // The link's secret stands in the fragment, which is never sent; the page's address stays here too.
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'X-DNS-Prefetch-Control': 'off',
    ...(isCertified && { 'Strict-Transport-Security': STRICT_TRANSPORT }),
  };
}
