import { expect, test } from 'vitest';
import { join, newRoom, openHarness, seesCamera, seesCameraMove, type Member } from './rig/call.ts';
import { harnessStage } from './rig/harness-stage.ts';
import { waitFor, type BrowserName } from './rig/tab.ts';

const { party, server } = harnessStage();

/** The one whose page shows the picture, and the one who sends it. */
async function pairOf(
  viewing: BrowserName,
  sending: BrowserName,
): Promise<readonly [Member, Member]> {
  const viewer = await openHarness(party, viewing, 1, server.url);
  const sender = await openHarness(party, sending, 2, server.url);
  const room = await newRoom(viewer.tab);
  await join(viewer, { room });
  await join(sender, { room });
  await seesCamera(viewer, sender);
  return [viewer, sender];
}

/** @param css of the only picture there */
async function style(viewer: Member, css: string): Promise<void> {
  await viewer.tab.evaluate((text: string) => {
    const video = document.querySelector('video');
    if (video === null) throw new Error('no picture');
    video.style.cssText = text;
  }, css);
}

/** Waits until what comes is so many pixels wide. */
async function comesInWidth(viewer: Member, width: number): Promise<void> {
  await waitFor(
    viewer.tab,
    `a picture of ${width} pixels`,
    (wanted: number) => {
      const { devicePixelRatio } = window;
      const video = document.querySelector('video');
      return devicePixelRatio === 1 && video?.videoWidth === wanted ? true : undefined;
    },
    width,
  );
}

test.each([
  ['chromium', 'firefox'],
  ['firefox', 'chromium'],
] as const)('VIEW1 pictures come as they are shown: to %s from %s', async (viewing, sending) => {
  const [viewer, sender] = await pairOf(viewing, sending);
  const captured = await sender.tab.evaluate(
    () => window.harness.room.local.track('camera')?.getSettings().width ?? 0,
  );
  await style(viewer, `width: ${captured}px; height: auto`);
  await comesInWidth(viewer, captured);
  await style(viewer, `width: ${captured / 2}px; height: auto`);
  await comesInWidth(viewer, captured / 2);
  await style(viewer, `width: ${captured}px; height: auto`);
  await comesInWidth(viewer, captured);
});

test.each([
  ['chromium', 'firefox'],
  ['firefox', 'chromium'],
] as const)(
  'VIEW1 what is not shown is not sent, nor asked for: to %s from %s',
  async (viewing, sending) => {
    const [viewer, sender] = await pairOf(viewing, sending);
    await style(viewer, 'position: absolute; top: -5000px');
    await waitFor(sender.tab, 'its picture to rest', () => {
      const senders = window.harness.connections.flatMap((pc) => pc.getSenders());
      const pictures = senders.filter(({ track }) => track?.kind === 'video');
      const rests = pictures.every((one) =>
        one.getParameters().encodings.every(({ active }) => active === false),
      );
      return pictures.length > 0 && rests ? true : undefined;
    });
    const framesSent = (): Promise<number> =>
      sender.tab.evaluate(async () => {
        const reports = await Promise.all(window.harness.connections.map((pc) => pc.getStats()));
        let frames = 0;
        for (const report of reports) {
          const stats = report.values() as Iterable<Record<string, unknown>>;
          for (const { type, framesEncoded } of stats) {
            if (type === 'outbound-rtp') frames += Number(framesEncoded ?? 0);
          }
        }
        return frames;
      });
    // Two of the looks behind which a picture that stands still would be asked for again.
    const before = await framesSent();
    const samples = viewer.tab.evaluate(
      (name: string) =>
        new Promise<void>((resolve) => {
          let left = 4;
          window.harness.peer(name).on('quality', () => {
            left -= 1;
            if (left === 0) resolve();
          });
        }),
      sender.name,
    );
    await samples;
    expect((await framesSent()) - before).toBeLessThanOrEqual(1);
    await style(viewer, '');
    await seesCameraMove(viewer, sender, Date.now());
  },
);

test('a program that wants pictures in full gets them', async () => {
  const viewer = await openHarness(party, 'chromium', 1, server.url);
  const sender = await openHarness(party, 'chromium', 2, server.url);
  const room = await newRoom(viewer.tab);
  await join(viewer, { room });
  await join(sender, { room, adapt: false });
  await seesCamera(viewer, sender);
  await style(viewer, 'position: absolute; top: -5000px');
  // As long as hiding takes to be told, and more.
  await seesCameraMove(viewer, sender, Date.now() + 4_000);
});
