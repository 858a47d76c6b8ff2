import { waitFor } from '../rig/tab.ts';
import type { LabCall } from './lab-call.ts';
import type { Pair } from './watching.ts';

const EVERY_MS = 500;

/** Texts that all members send on and on, to be counted at the other end. */
export interface NumberedTexts {
  /** @returns once each of them has arrived, at the latest of them by the wall clock */
  stop(maxMs: number): Promise<number>;
}

/**
 * Has every member send a numbered text twice a second.
 *
 * @param label unlike any other of the call
 */
export async function sendNumberedTexts(call: LabCall, label: string): Promise<NumberedTexts> {
  for (const { tab } of call.members) {
    await tab.evaluate(
      ({ prefix, everyMs }) => {
        window.numbered = { count: 0, failed: [], timer: 0 };
        const send = (): void => {
          const { numbered, harness } = window;
          numbered.count += 1;
          // It resolves once there is room for more, which an outage may take long to give.
          harness
            .sendText(`${prefix} ${numbered.count}`)
            .catch((error: unknown) => numbered.failed.push(String(error)));
        };
        send();
        window.numbered.timer = window.setInterval(send, everyMs);
      },
      { prefix: label, everyMs: EVERY_MS },
    );
  }
  return {
    stop: async (maxMs) => {
      const arrivals = await Promise.all(call.pairs.map((pair) => arrive(pair, label, maxMs)));
      return Math.max(...arrivals);
    },
  };
}

/** @throws Error where a text is missing, came twice or before its turn */
async function arrive([to, from]: Pair, label: string, maxMs: number): Promise<number> {
  const { count, failed } = await from.tab.evaluate(() => {
    window.clearInterval(window.numbered.timer);
    return { count: window.numbered.count, failed: window.numbered.failed };
  });
  if (failed.length > 0) throw new Error(`${from.name} could not send: ${failed.join(', ')}`);
  await waitFor(
    to.tab,
    `text ${count} of ${from.name}`,
    ({ name, text }) => window.harness.heard('text', name, text),
    { name: from.name, text: `${label} ${count}` },
    maxMs,
  );
  const heard = await to.tab.evaluate(
    ({ name, prefix }) =>
      window.harness.happenings.filter(
        ({ what, from: sender, detail }) =>
          what === 'text' && sender === name && detail.startsWith(`${prefix} `),
      ),
    { name: from.name, prefix: label },
  );
  const got = heard.map(({ detail }) => detail.slice(label.length + 1)).join();
  const wanted = Array.from({ length: count }, (_, index) => index + 1).join();
  if (got !== wanted) throw new Error(`${to.name} got the texts ${got} of ${from.name}`);
  return Math.max(...heard.map(({ atMs }) => atMs));
}

declare global {
  interface Window {
    numbered: { count: number; readonly failed: string[]; timer: number };
  }
}
