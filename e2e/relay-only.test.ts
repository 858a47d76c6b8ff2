import { afterEach, describe, expect, test } from 'vitest';
import { LabCall } from './faults/lab-call.ts';
import { leaveAll } from './faults/joining.ts';
import { TurnServers } from './faults/turn-servers.ts';
import type { Host } from './netlab/host.ts';
import { isNetlabSkipped } from './netlab/netlab.ts';
import { hearsTone, join, newRoom, seesCamera } from './rig/call.ts';

/** Packets from one machine to another that left it, whatever they were. */
class Tap {
  readonly #from: Host;

  private constructor(from: Host) {
    this.#from = from;
  }

  static async between(from: Host, to: Host): Promise<Tap> {
    await from.run(
      'nft',
      ['-f', '-'],
      `table ip tap {
        counter seen { }
        chain out {
          type filter hook output priority 0
          ip daddr ${to.address} counter name seen
        }
      }`,
    );
    return new Tap(from);
  }

  async count(): Promise<number> {
    const told = await this.#from.run('nft', ['list', 'counter', 'ip', 'tap', 'seen']);
    const packets = /packets (\d+)/.exec(told)?.[1];
    if (packets === undefined) throw new Error(`nft told no number: ${told}`);
    return Number(packets);
  }
}

describe.skipIf(isNetlabSkipped())('who keeps to relays', () => {
  const turn = new TurnServers();
  let call: LabCall | undefined;

  afterEach(async () => {
    await call?.close();
    await turn.close();
  });

  test('ICE5 sends no packet to the other side, and gets none from it', async () => {
    call = await LabCall.open(['chromium', 'firefox'], {
      serverOptions: async (lab) => {
        await turn.add(lab);
        return turn.options;
      },
    });
    const [ann, ben] = call.seats;
    const taps = [await Tap.between(ann.host, ben.host), await Tap.between(ben.host, ann.host)];
    const packets = (): Promise<readonly number[]> => Promise.all(taps.map((tap) => tap.count()));

    await meet(call, { relayOnly: true });
    expect(await packets()).toEqual([0, 0]);
    await leaveAll(call);

    // One of them is enough, though the other one would tell its own addresses.
    await meet(call, { relayOnly: true }, { relayOnly: false });
    expect(await packets()).toEqual([0, 0]);
    await leaveAll(call);

    // And the taps see what there is.
    await meet(call, { relayOnly: false });
    for (const count of await packets()) expect(count).toBeGreaterThan(10);
  });
});

interface Wish {
  readonly relayOnly: boolean;
}

/** Both join, and see and hear each other. */
async function meet(call: LabCall, wish: Wish, bens = wish): Promise<void> {
  const [ann, ben] = call.members;
  const room = await newRoom(ann.tab);
  await join(ann, { room, ...wish });
  await join(ben, { room, ...bens });
  for (const [viewer, shown] of call.pairs) {
    await seesCamera(viewer, shown);
    await hearsTone(viewer, shown);
  }
}
