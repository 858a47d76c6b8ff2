export type BrowserFamily = 'chrome' | 'edge' | 'firefox' | 'safari' | 'other';

/** What this browser is and can do, read once. */
export interface Environment {
  readonly family: BrowserFamily;
  /** A phone or tablet, where settings stand elsewhere. */
  readonly mobile: boolean;
  /** Browsers hand out cameras, microphones and cryptography to secure origins only. */
  readonly secure: boolean;
  readonly webrtc: boolean;
  readonly canShareScreen: boolean;
  readonly canChooseSpeaker: boolean;
  /** The system's own share sheet. */
  readonly canShareLink: boolean;
}

/** Only for the wording of help; never to decide what works. */
export function browserFamily(userAgent: string): BrowserFamily {
  if (/\bEdg(e|A|iOS)?\//u.test(userAgent)) return 'edge';
  if (/\b(Firefox|FxiOS)\//u.test(userAgent)) return 'firefox';
  if (/\b(HeadlessChrome|Chrome|Chromium|CriOS)\//u.test(userAgent)) return 'chrome';
  if (/\bSafari\//u.test(userAgent)) return 'safari';
  return 'other';
}

export function isMobile(userAgent: string): boolean {
  return /\b(Android|iPhone|iPad|iPod|Mobile)\b/u.test(userAgent);
}

export function readEnvironment(): Environment {
  const { userAgent } = navigator;
  // Absent outside secure contexts, whatever the type says.
  const devices: Partial<MediaDevices> | undefined = navigator.mediaDevices;
  return {
    family: browserFamily(userAgent),
    mobile: isMobile(userAgent),
    secure: globalThis.isSecureContext,
    webrtc: 'RTCPeerConnection' in globalThis,
    canShareScreen: typeof devices?.getDisplayMedia === 'function',
    canChooseSpeaker: 'setSinkId' in HTMLMediaElement.prototype,
    canShareLink: typeof navigator.share === 'function' && isMobile(userAgent),
  };
}
