import { describe, expect, test } from 'vitest';
import { FakePeerConnection } from '../testing/fake-peer-connection.ts';
import { FLAWLESS, pairOver, Side } from '../testing/negotiating-pair.ts';
import { seededRandom } from '../testing/random.ts';

describe('negotiation', () => {
  test('NEG1 NEG2 the offerer lays the lines out, and both connect', async () => {
    const { clock, offerer, answerer } = pairOver(FLAWLESS);
    offerer.negotiator.start();
    answerer.negotiator.start();
    await clock.advanceAsync(500);
    expect([offerer.state, answerer.state]).toEqual(['connected', 'connected']);
    expect(offerer.ofType('offer')).toHaveLength(1);
    expect(answerer.ofType('answer')).toHaveLength(1);
    expect([...(answerer.negotiator.connection?.layout.keys() ?? [])]).toEqual([
      'microphone',
      'camera',
      'screen',
      'screenAudio',
    ]);
    expect(offerer.codecs).toEqual(answerer.codecs);
    expect(offerer.codecs[0]).toContain('video/VP8');
  });

  test('NEG4 the first candidates travel inside the offer, later ones in batches', async () => {
    const { clock, offerer } = pairOver(FLAWLESS);
    offerer.negotiator.start();
    await clock.advanceAsync(500);
    expect(offerer.ofType('offer')[0]?.candidates).toHaveLength(1);
    const later = offerer.ofType('candidates').flatMap((signal) => signal.candidates);
    expect(later).toHaveLength(2);
  });

  test('NEG1 the answerer asks, and the offerer offers', async () => {
    const { clock, offerer, answerer } = pairOver(FLAWLESS);
    offerer.negotiator.start();
    await clock.advanceAsync(500);
    answerer.negotiator.renegotiate({ iceRestart: true });
    await clock.advanceAsync(500);
    expect(offerer.ofType('offer').map(({ negotiation }) => negotiation)).toEqual([1, 2]);
    expect(answerer.ofType('offer')).toEqual([]);
    expect([offerer.state, answerer.state]).toEqual(['connected', 'connected']);
  });

  test('NEG6 wishes that come while an offer is pending make one more offer', async () => {
    const { clock, offerer } = pairOver(FLAWLESS);
    offerer.negotiator.start();
    for (let wish = 0; wish < 5; wish += 1) offerer.negotiator.renegotiate({ iceRestart: false });
    await clock.advanceAsync(40);
    for (let wish = 0; wish < 5; wish += 1) offerer.negotiator.renegotiate({ iceRestart: false });
    await clock.advanceAsync(500);
    expect(offerer.ofType('offer')).toHaveLength(2);
  });

  test('NEG5 a rebuild replaces the connection on both sides', async () => {
    const { clock, offerer, answerer } = pairOver(FLAWLESS);
    offerer.negotiator.start();
    await clock.advanceAsync(500);
    answerer.negotiator.rebuild();
    await clock.advanceAsync(500);
    expect(offerer.negotiator.connection?.generation).toBe(2);
    expect(answerer.negotiator.connection?.generation).toBe(2);
    expect([offerer.state, answerer.state]).toEqual(['connected', 'connected']);
  });

  test('NEG7 an offer without an answer is made again, then the connection anew', async () => {
    const { clock, offerer, answerer, heal } = pairOver({ ...FLAWLESS, loss: 1 });
    offerer.negotiator.start();
    answerer.negotiator.start();
    await clock.advanceAsync(11_000);
    expect(offerer.ofType('offer').map((offer) => [offer.generation, offer.negotiation])).toEqual([
      [1, 1],
      [1, 2],
    ]);
    await clock.advanceAsync(10_000);
    expect(offerer.ofType('offer').at(-1)?.generation).toBe(2);
    heal();
    // It has twice the time of the one before.
    await clock.advanceAsync(21_000);
    expect([offerer.state, answerer.state]).toEqual(['connected', 'connected']);
  });

  test('NEG7 each connection whose offers are not answered has the next one wait longer', async () => {
    const { clock, offerer, answerer, heal } = pairOver({ ...FLAWLESS, loss: 1 });
    offerer.negotiator.start();
    await clock.advanceAsync(185_000);
    const generations = offerer.ofType('offer').map(({ generation }) => generation);
    // 2 of 10 s, 2 of 20 s, then of 40 s.
    expect(generations).toEqual([1, 1, 2, 2, 3, 3, 4, 4]);
    heal();
    answerer.negotiator.start();
    await clock.advanceAsync(60_000);
    expect([offerer.state, answerer.state]).toEqual(['connected', 'connected']);
  });

  test('NEG7 the patience that one life of the other side cost is not held against the next', async () => {
    const { clock, offerer } = pairOver({ ...FLAWLESS, loss: 1 });
    offerer.negotiator.start();
    await clock.advanceAsync(65_000);
    expect(offerer.ofType('offer').at(-1)).toMatchObject({ generation: 3, negotiation: 1 });
    offerer.negotiator.restart();
    await clock.advanceAsync(11_000);
    expect(offerer.ofType('offer').at(-1)).toMatchObject({ generation: 4, negotiation: 2 });
  });

  test.each([
    { isUp: true, offererHears: true, generation: 1 },
    { isUp: true, offererHears: false, generation: 2 },
    { isUp: false, offererHears: true, generation: 2 },
  ])(
    'NEG13 a new generation for one under way is made unless that came up: $isUp, $offererHears',
    async ({ isUp, offererHears, generation }) => {
      const { clock, offerer, answerer } = pairOver(FLAWLESS);
      offerer.negotiator.start();
      answerer.negotiator.start();
      await clock.advanceAsync(500);
      offerer.isHeard = offererHears;
      const pc = answerer.negotiator.connection?.pc;
      // What it says was so when it began to ask; where it was up once, another generation is meant.
      if (isUp) Object.defineProperty(pc, 'connectionState', { value: 'connecting' });
      answerer.negotiator.rebuild();
      expect(answerer.ofType('need-offer').at(-1)?.unlessUp).toBe(isUp ? true : undefined);
      await clock.advanceAsync(500);
      expect(offerer.negotiator.connection?.generation).toBe(generation);
    },
  );

  test('NEG7 an offer that has not arrived is left out until it has', async () => {
    const { clock, offerer } = pairOver({ ...FLAWLESS, loss: 1 });
    offerer.isDelivered = false;
    offerer.negotiator.start();
    await clock.advanceAsync(60_000);
    expect(offerer.ofType('offer')).toHaveLength(1);
    offerer.isDelivered = true;
    await clock.advanceAsync(10_500);
    expect(offerer.ofType('offer')).toHaveLength(2);
  });

  test('NEG12 who moved leaves a path that ICE takes for well, and restarts ICE on another', async () => {
    const { clock, offerer, answerer } = pairOver(FLAWLESS);
    offerer.negotiator.start();
    await clock.advanceAsync(1_000);
    const silent = async (side: Side): Promise<unknown> => {
      side.negotiator.recover();
      await clock.advanceAsync(1_000);
      return [offerer.opened, offerer.sent.filter(({ type }) => type === 'offer').length];
    };
    expect(await silent(answerer)).toEqual([1, 2]);
    answerer.address = 1;
    expect(await silent(answerer)).toEqual([2, 3]);
    expect(await silent(answerer)).toEqual([2, 4]);
    offerer.address += 1;
    expect(await silent(offerer)).toEqual([3, 5]);
    offerer.address += 1;
    (offerer.negotiator.connection?.pc as FakePeerConnection | undefined)?.becomeDisconnected();
    expect(await silent(offerer)).toEqual([3, 6]);
  });

  test('NEG11 an ICE restart towards Firefox is a new connection', async () => {
    const { clock, offerer, answerer } = pairOver(FLAWLESS);
    const handle = offerer.negotiator.handle.bind(offerer.negotiator);
    offerer.negotiator.handle = (signal) =>
      handle(
        signal.type === 'answer'
          ? {
              ...signal,
              sdp: `${signal.sdp}o=mozilla...THIS_IS_SDPARTA-99.0 1 0 IN IP4 0.0.0.0\r\n`,
            }
          : signal,
      );
    offerer.negotiator.start();
    await clock.advanceAsync(1_000);
    expect(offerer.opened).toBe(1);
    offerer.negotiator.renegotiate({ iceRestart: false });
    await clock.advanceAsync(1_000);
    expect(offerer.opened).toBe(1);
    answerer.negotiator.renegotiate({ iceRestart: true });
    await clock.advanceAsync(1_000);
    expect([offerer.opened, answerer.opened]).toEqual([2, 2]);
    expect([offerer.state, answerer.state]).toEqual(['connected', 'connected']);
  });

  test('NEG9 an ICE restart overtakes an offer that went into a dead path, and no other', async () => {
    const { clock, offerer, answerer } = pairOver(FLAWLESS);
    offerer.negotiator.start();
    await clock.advanceAsync(500);
    offerer.isDelivered = false;
    offerer.negotiator.renegotiate({ iceRestart: true });
    // Right behind it: the one that is out is the one that is wanted.
    offerer.negotiator.renegotiate({ iceRestart: true });
    await clock.advanceAsync(500);
    expect(offerer.ofType('offer')).toHaveLength(2);
    const lossy = pairOver({ ...FLAWLESS, loss: 1 });
    lossy.offerer.isDelivered = false;
    lossy.offerer.negotiator.start();
    await lossy.clock.advanceAsync(2_000);
    lossy.offerer.negotiator.renegotiate({ iceRestart: false });
    await lossy.clock.advanceAsync(100);
    expect(lossy.offerer.ofType('offer')).toHaveLength(1);
    lossy.heal();
    lossy.offerer.negotiator.renegotiate({ iceRestart: true });
    await lossy.clock.advanceAsync(500);
    expect(lossy.offerer.ofType('offer')).toHaveLength(2);
    expect([lossy.offerer.state, lossy.answerer.state]).toEqual(['connected', 'connected']);
    expect([offerer.state, answerer.state]).toEqual(['connected', 'connected']);
  });

  test('NEG1 who asks for what is on its way gets that, and not another one', async () => {
    const { clock, offerer, answerer } = pairOver(FLAWLESS);
    offerer.negotiator.start();
    await clock.advanceAsync(500);
    answerer.negotiator.rebuild();
    offerer.negotiator.rebuild();
    await clock.advanceAsync(500);
    answerer.negotiator.renegotiate({ iceRestart: true });
    offerer.negotiator.renegotiate({ iceRestart: true });
    await clock.advanceAsync(500);
    expect(offerer.opened).toBe(2);
    expect(offerer.ofType('offer')).toHaveLength(3);
    expect([offerer.state, answerer.state]).toEqual(['connected', 'connected']);
  });

  test('NEG8 an offer that cannot be applied is rejected, and a new generation follows', async () => {
    const { clock, offerer, answerer } = pairOver(FLAWLESS);
    offerer.negotiator.start();
    await clock.advanceAsync(500);
    // The answerer's connection breaks under it, as browsers' do after an internal error.
    answerer.negotiator.connection?.pc.close();
    offerer.negotiator.renegotiate({ iceRestart: false });
    await clock.advanceAsync(2_000);
    expect(answerer.ofType('rejected')).toHaveLength(1);
    expect(offerer.negotiator.connection?.generation).toBe(2);
    expect([offerer.state, answerer.state]).toEqual(['connected', 'connected']);
  });

  test('NEG3 an answer to another negotiation is dropped', async () => {
    const { clock, offerer, answerer } = pairOver(FLAWLESS);
    offerer.negotiator.start();
    await clock.advanceAsync(500);
    const [answer] = answerer.ofType('answer');
    if (answer === undefined) throw new Error('no answer');
    offerer.negotiator.renegotiate({ iceRestart: false });
    offerer.negotiator.handle(answer);
    offerer.negotiator.handle({ ...answer, generation: 7 });
    offerer.negotiator.handle({ ...answer, negotiation: 9 });
    await clock.advanceAsync(500);
    expect(offerer.troubles).toEqual([]);
    expect(offerer.state).toBe('connected');
  });

  test('NEG4 candidates far ahead are bounded, stale ones dropped', async () => {
    const { clock, offerer, answerer } = pairOver(FLAWLESS);
    const candidate = { candidate: 'candidate:1', sdpMid: '0', sdpMLineIndex: 0 };
    for (let flood = 0; flood < 1_000; flood += 1) {
      answerer.negotiator.handle({
        type: 'candidates',
        generation: 1 + (flood % 3),
        negotiation: 1,
        candidates: [{ ...candidate, usernameFragment: 'stranger' }],
      });
    }
    offerer.negotiator.start();
    await clock.advanceAsync(500);
    expect(answerer.troubles).toEqual([]);
    expect([offerer.state, answerer.state]).toEqual(['connected', 'connected']);
  });

  test('NEG4 candidates that overtake their offer are applied behind it', async () => {
    const { clock, network, offerer } = pairOver({ ...FLAWLESS, loss: 1 });
    offerer.negotiator.start();
    await clock.advanceAsync(500);
    const [offer] = offerer.ofType('offer');
    const late = offerer.ofType('candidates');
    if (offer === undefined) throw new Error('no offer');
    const answerer = new Side('answerer', network, () => undefined);
    for (const signal of late) answerer.negotiator.handle(signal);
    answerer.negotiator.handle(offer);
    await clock.advanceAsync(500);
    const { pc } = answerer.negotiator.connection ?? {};
    expect(pc).toBeInstanceOf(FakePeerConnection);
    expect(pc).toMatchObject({ remoteCandidates: 3 });
  });

  test('NEG5 an offer that comes twice is answered once', async () => {
    const { clock, offerer, answerer } = pairOver({ ...FLAWLESS, duplication: 1 });
    offerer.negotiator.start();
    await clock.advanceAsync(500);
    expect(answerer.ofType('answer')).toHaveLength(1);
    expect(answerer.opened).toBe(1);
    expect(answerer.troubles).toEqual([]);
  });

  test('NEG6 nothing is left running behind close', async () => {
    const { clock, offerer, answerer } = pairOver(FLAWLESS);
    offerer.negotiator.start();
    answerer.negotiator.start();
    await clock.advanceAsync(3);
    offerer.negotiator.close();
    answerer.negotiator.close();
    const said = offerer.sent.length + answerer.sent.length;
    await clock.advanceAsync(100_000);
    expect(offerer.sent.length + answerer.sent.length).toBe(said);
    expect(clock.pending).toBe(0);
  });
});

describe('negotiation over a queue that loses, repeats and reorders', () => {
  for (let seed = 1; seed <= 150; seed += 1) {
    test(`NEG3 NEG4 NEG5 NEG7 converges once the queue heals (seed ${seed})`, async () => {
      const random = seededRandom(seed);
      const faults = {
        loss: random.next() * 0.5,
        duplication: random.next() * 0.5,
        delayMaxMs: 1 + random.integer(2_000),
      };
      const { clock, network, offerer, answerer, heal } = pairOver(faults, random);
      const sides = [offerer, answerer];
      for (const side of sides) side.negotiator.start();
      for (let turn = 0; turn < 30; turn += 1) {
        await clock.advanceAsync(random.integer(3_000));
        const side = sides[random.integer(2)];
        const dice = random.next();
        if (dice < 0.3) side?.negotiator.renegotiate({ iceRestart: random.chance(0.5) });
        else if (dice < 0.4) side?.negotiator.rebuild();
        else if (dice < 0.5) network.setUp(random.chance(0.6));
      }
      network.setUp(true);
      heal();
      await clock.advanceAsync(60_000);
      offerer.negotiator.renegotiate({ iceRestart: true });
      await clock.advanceAsync(30_000);
      const [one, other] = sides.map((side) => side.negotiator.connection);
      expect(one?.generation).toBe(other?.generation);
      expect([one?.pc.signalingState, other?.pc.signalingState]).toEqual(['stable', 'stable']);
      expect([offerer.state, answerer.state]).toEqual(['connected', 'connected']);
    });
  }
});
