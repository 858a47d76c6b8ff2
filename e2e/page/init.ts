/** Runs in every page before its own scripts: the fake devices, what reads pictures and tones, and what tells of violations. */
import { FakeDevices, toneHz, type FakeDeviceOptions } from './fake-devices.ts';
import { PictureWatch, readVideo, showTrack } from './picture.ts';
import { tellViolations } from './policy.ts';
import { ToneWatch } from './tone.ts';

declare global {
  interface Window {
    /** Set by the driver ahead of this script. */
    rigOptions?: FakeDeviceOptions;
    rig: Rig;
  }
}

const devices = new FakeDevices(
  window.rigOptions ?? {
    participant: 1,
    cameras: 2,
    microphones: 2,
    permission: 'granted',
    screen: 'shared',
    framesPerSecond: 15,
    pictureScale: 1,
    tones: 'oscillator',
  },
);
if (window.isSecureContext) devices.install();
tellViolations();

const rig = { devices, PictureWatch, ToneWatch, readVideo, showTrack, toneHz };
export type Rig = typeof rig;
window.rig = rig;
