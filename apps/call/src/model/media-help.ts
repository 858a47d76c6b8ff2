import type { LocalSourceState, PeerlineErrorCode } from 'peerline';
import type { BrowserFamily, Environment } from './environment.ts';

/** Something about camera or microphone that the person should know, with the way out. */
export interface MediaNotice {
  readonly id: string;
  readonly tone: 'info' | 'warning';
  readonly title: string;
  readonly body: string;
  /** One step a line, in the words of this browser. */
  readonly steps: readonly string[];
  /** Which sources to try again; none where trying again is no use. */
  readonly retry: readonly ('camera' | 'microphone')[];
}

type DeviceKind = 'camera' | 'microphone';

const NAMES: { readonly [K in DeviceKind]: string } = {
  camera: 'camera',
  microphone: 'microphone',
};

function listed(kinds: readonly DeviceKind[]): string {
  return kinds.map((kind) => NAMES[kind]).join(' and ');
}

/** How to undo a refusal, in the words of the browser's own menus. */
export function unblockSteps(
  family: BrowserFamily,
  mobile: boolean,
  kinds: readonly DeviceKind[],
): readonly string[] {
  const what = listed(kinds);
  if (mobile && family === 'safari') {
    return [
      'Tap the page icon beside the address, then “Website Settings”.',
      `Set ${what} to “Allow”.`,
    ];
  }
  if (mobile && family === 'firefox') {
    return [
      'Tap the lock beside the address.',
      `Tap the blocked ${what} to allow ${kinds.length > 1 ? 'them' : 'it'}.`,
    ];
  }
  if (mobile) {
    return ['Tap the icon beside the address, then “Permissions”.', `Turn on ${what}.`];
  }
  switch (family) {
    case 'chrome':
      return [
        'Click the icon to the left of the address.',
        `Turn on ${what}.`,
        'If the page still gets nothing, allow the browser in your system’s privacy settings.',
      ];
    case 'edge':
      return [
        'Click the lock to the left of the address, then “Permissions for this site”.',
        `Set ${what} to “Allow”.`,
      ];
    case 'firefox':
      return [
        `Click the crossed-out ${what} icon to the left of the address.`,
        'Click the × beside “Blocked” or “Blocked Temporarily”, then try again.',
      ];
    case 'safari':
      return [
        'In the menu bar, choose Safari, then “Settings for This Website…”.',
        `Set ${what} to “Allow”.`,
      ];
    case 'other':
      return [`Open this site’s permissions in your browser and allow ${what}.`];
  }
}

function failureCode(state: LocalSourceState): PeerlineErrorCode | undefined {
  return state.status === 'failed' ? state.error.code : undefined;
}

/** One notice for each kind of trouble; camera and microphone share it where both have it. */
export function mediaNotices(
  environment: Environment,
  states: { readonly camera: LocalSourceState; readonly microphone: LocalSourceState },
): readonly MediaNotice[] {
  if (!environment.secure) {
    return [
      {
        id: 'insecure',
        tone: 'warning',
        title: 'Calls need a secure page',
        body: 'Browsers give camera and microphone only to addresses that start with https:// (or to localhost).',
        steps: [
          'Open this page with https:// in front of the address.',
          'Running the server yourself? Start it with --https.',
        ],
        retry: [],
      },
    ];
  }
  if (!environment.webrtc) {
    return [
      {
        id: 'unsupported',
        tone: 'warning',
        title: 'This browser can’t make calls',
        body: 'WebRTC is missing or turned off. Use a current Chrome, Edge, Firefox or Safari.',
        steps: [],
        retry: [],
      },
    ];
  }
  const byCode = new Map<PeerlineErrorCode, DeviceKind[]>();
  for (const kind of ['camera', 'microphone'] as const) {
    const code = failureCode(states[kind]);
    if (code !== undefined) byCode.set(code, [...(byCode.get(code) ?? []), kind]);
  }
  return [...byCode].map(([code, kinds]) => failureNotice(environment, code, kinds));
}

function failureNotice(
  environment: Environment,
  code: PeerlineErrorCode,
  kinds: readonly DeviceKind[],
): MediaNotice {
  const what = listed(kinds);
  const both = kinds.length > 1;
  const common = { id: code, steps: [], retry: kinds };
  switch (code) {
    case 'permission-denied':
      return {
        ...common,
        tone: 'warning',
        title: `Your browser is blocking the ${what}`,
        body: `You can join without ${both ? 'them' : 'it'}. To allow ${both ? 'them' : 'it'}:`,
        steps: unblockSteps(environment.family, environment.mobile, kinds),
      };
    case 'device-in-use':
      return {
        ...common,
        tone: 'warning',
        title: `Another app is using the ${what}`,
        body: 'Close that app or browser tab, then try again. You can also join without.',
      };
    case 'device-not-found':
      return {
        ...common,
        tone: 'info',
        title: `No ${kinds.map((kind) => NAMES[kind]).join(' or ')} found`,
        body: `Plug one in, or join without. You will still ${
          kinds.includes('microphone') && both
            ? 'see and hear everyone, and can chat'
            : 'see and hear everyone'
        }.`,
      };
    case 'device-lost':
      return {
        ...common,
        tone: 'warning',
        title: `The ${what} ${both ? 'were' : 'was'} unplugged`,
        body: 'Plug it in again or choose another one.',
      };
    default:
      return {
        ...common,
        tone: 'warning',
        title: `The ${what} did not start`,
        body: 'Try again. If that does not help, unplug the device and plug it in again.',
      };
  }
}
