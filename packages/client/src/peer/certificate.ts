/**
 * Whether the other side of a live connection has the certificate that its description named (SPEC.md,
 * CERT3). DTLS sees to that already, by the description that was applied; this looks past whatever stands
 * between the SDK and the browser. Chromium, Firefox and @roamhq/wrtc show certificates; where nothing does,
 * DTLS's word is taken.
 *
 * @param fingerprint as `fingerprintIn` returns it
 */
export async function isGenuine(pc: RTCPeerConnection, fingerprint: string): Promise<boolean> {
  const transport: Partial<RTCDtlsTransport> | undefined = pc.sctp?.transport;
  // The first one is the other side's own (webrtc-pc section 5.5).
  const [certificate] = transport?.getRemoteCertificates?.() ?? [];
  if (certificate === undefined) return true;
  const [, algorithm = '', expected = ''] = /:(\S+) (\S+)/u.exec(fingerprint) ?? [];
  const hash = new Uint8Array(await crypto.subtle.digest(algorithm, certificate));
  const found = Array.from(hash, (byte) => byte.toString(16).padStart(2, '0'));
  return found.join(':') === expected;
}
