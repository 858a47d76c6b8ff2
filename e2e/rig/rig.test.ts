import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Party } from './party.ts';
import { waitFor, type BrowserName } from './tab.ts';

/** The rig itself: were it blind, every test built on it would be too. */
const party = new Party();
let site: Server;
let url = '';

beforeAll(async () => {
  site = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end(
      '<!doctype html><title>rig</title><body><button>Press</button><label>Say <input></label>',
    );
  }).listen(0, 'localhost');
  await once(site, 'listening');
  const address = site.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  url = `http://localhost:${address.port}/`;
});
afterEach(() => party.closeTabs());
afterAll(async () => {
  await party.close();
  site.close();
});

const PAIRS: readonly (readonly [BrowserName, BrowserName])[] = [
  ['chromium', 'firefox'],
  ['firefox', 'chromium'],
];

test.each(PAIRS)('a camera in %s is told, seen and heard in %s', async (from, to) => {
  const [sender, receiver] = await Promise.all([
    party.newTab(from, { participant: 5 }),
    party.newTab(to, { participant: 6 }),
  ]);
  await Promise.all([sender.open(url), receiver.open(url)]);
  const offer = await sender.evaluate(async () => {
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: true,
      video: { deviceId: { exact: 'fake-videoinput-1' } },
    });
    const pc = new RTCPeerConnection();
    for (const track of stream.getTracks()) pc.addTrack(track, stream);
    Object.assign(window, { pc });
    await pc.setLocalDescription();
    await new Promise<void>((resolve) => {
      const check = (): void => {
        if (pc.iceGatheringState === 'complete') resolve();
      };
      pc.addEventListener('icegatheringstatechange', check);
      check();
    });
    return pc.localDescription?.sdp ?? '';
  });
  const answer = await receiver.evaluate(async (sdp) => {
    const pc = new RTCPeerConnection();
    pc.addEventListener('track', ({ track, receiver: rtp }) => {
      const level = (): number => rtp.getSynchronizationSources()[0]?.audioLevel ?? 0;
      const watch =
        track.kind === 'video'
          ? { picture: new window.rig.PictureWatch(window.rig.showTrack(track)) }
          : { tone: new window.rig.ToneWatch(track, level) };
      Object.assign(window, watch);
    });
    await pc.setRemoteDescription({ type: 'offer', sdp });
    await pc.setLocalDescription();
    await new Promise<void>((resolve) => {
      const check = (): void => {
        if (pc.iceGatheringState === 'complete') resolve();
      };
      pc.addEventListener('icegatheringstatechange', check);
      check();
    });
    return pc.localDescription?.sdp ?? '';
  }, offer);
  await sender.evaluate(async (sdp) => {
    const { pc } = window as unknown as { pc: RTCPeerConnection };
    await pc.setRemoteDescription({ type: 'answer', sdp });
  }, answer);

  const source = await waitFor(receiver, 'a picture with a barcode', () => {
    const { picture } = window as unknown as {
      picture?: InstanceType<Window['rig']['PictureWatch']>;
    };
    const report = picture?.report();
    return report !== undefined && report.frames > 20 ? report.source : undefined;
  });
  expect(source).toEqual({ participant: 5, device: 1, kind: 'camera' });
  await waitFor(receiver, 'the tone of microphone 0 of participant 5', () => {
    const { tone } = window as unknown as { tone?: InstanceType<Window['rig']['ToneWatch']> };
    const report = tone?.report();
    return (
      report !== undefined &&
      report.decibels > -60 &&
      (report.hertz === undefined || Math.abs(report.hertz - window.rig.toneHz(5, 0)) < 40)
    );
  });

  await sender.evaluate(() => window.rig.devices.unplug('videoinput', 1));
  await expect(
    sender.evaluate(async () =>
      (await navigator.mediaDevices.enumerateDevices()).map(({ label }) => label),
    ),
  ).resolves.toEqual(['Fake Camera 1', 'Fake Microphone 1', 'Fake Microphone 2']);
  expect([...sender.problems, ...receiver.problems]).toEqual([]);
});

test.each(['chromium', 'firefox'] as const)('a page in %s is driven by names', async (browser) => {
  const tab = await party.newTab(browser, { participant: 1, permission: 'denied' });
  await tab.open(url);
  await tab.fill('Say', 'hello');
  await tab.evaluate(() => {
    document.querySelector('button')?.addEventListener('click', () => {
      document.title = document.querySelector('input')?.value ?? '';
    });
  });
  await tab.click('button', 'Press');
  await waitFor(tab, 'the new title', () => document.title === 'hello');
  const refusal = await tab.evaluate(() =>
    navigator.mediaDevices.getUserMedia({ video: true }).catch((error: Error) => error.name),
  );
  expect(refusal).toBe('NotAllowedError');
  await tab.evaluateSource('console.error("told"); undefined');
  await waitFor(tab, 'nothing', () => true);
  expect(tab.problems).toEqual(['told']);
});
