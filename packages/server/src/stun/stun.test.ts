import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { silentLog } from '../log/log.ts';
import { Random, testSeed } from '../testing/random.ts';
import { fingerprint, parseBindingRequest } from './request.ts';
import { StunResponder } from './responder.ts';
import { encodeAnswer, xorMappedAddress } from './response.ts';
import { StunServer } from './stun-server.ts';

const TRANSACTION = 'b7e7a701bc34d686fa87dfae';

/** RFC 5769 section 2.1: a request of an ICE agent. */
const SAMPLE_REQUEST = hex(`
  00010058 2112a442 ${TRANSACTION}
  80220010 5354554e207465737420636c69656e74
  00240004 6e0001ff
  80290008 932ff9b151263b36
  00060009 6576746a3a68367659202020
  00080014 9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2
  80280004 e57a3bcf`);

/** RFC 5769 section 2.2: an answer over IPv4, 192.0.2.1 port 32853. */
const SAMPLE_IPV4_ANSWER = hex(`
  0101003c 2112a442 ${TRANSACTION}
  8022000b 7465737420766563746f7220
  00200008 0001a147e112a643
  00080014 2b91f599fd9e90c38c7489f92af9ba53f06be7d7
  80280004 c07d4c96`);

/** RFC 5769 section 2.3: an answer over IPv6, 2001:db8:1234:5678:11:2233:4455:6677 port 32853. */
const SAMPLE_IPV6_ANSWER = hex(`
  01010048 2112a442 ${TRANSACTION}
  8022000b 7465737420766563746f7220
  00200014 0002a1470113a9faa5d3f179bc25f4b5bed2b9d9
  00080014 a382954e4be67bf11784c97c8292c275bfe3ed41
  80280004 c8fb0b4c`);

const PLAIN_REQUEST = hex(`00010000 2112a442 ${TRANSACTION}`);
const SOURCE = { address: '192.0.2.1', port: 32_853 };

function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(/\s/g, ''), 'hex');
}

/** A request with these attributes, each already in bytes. */
function request(...attributes: string[]): Buffer {
  const body = hex(attributes.join(''));
  const message = Buffer.concat([PLAIN_REQUEST, body]);
  message.writeUInt16BE(body.length, 2);
  return message;
}

function withFingerprint(message: Buffer): Buffer {
  const whole = Buffer.concat([message, hex('80280004 00000000')]);
  whole.writeUInt16BE(whole.length - 20, 2);
  whole.writeUInt32BE(fingerprint(whole.subarray(0, -8)), whole.length - 4);
  return whole;
}

describe('STUN against RFC 5769', () => {
  it.each([
    ['request', SAMPLE_REQUEST],
    ['IPv4 answer', SAMPLE_IPV4_ANSWER],
    ['IPv6 answer', SAMPLE_IPV6_ANSWER],
  ])('has the fingerprint of the sample %s', (_, message) => {
    expect(fingerprint(message.subarray(0, -8))).toBe(message.readUInt32BE(message.length - 4));
  });

  it('reads the sample request: all but PRIORITY is known or may be ignored', () => {
    expect(parseBindingRequest(SAMPLE_REQUEST)).toEqual({
      transactionId: Uint8Array.from(hex(TRANSACTION)),
      hasFingerprint: true,
      unknown: [0x0024],
    });
  });

  it('maps the sample addresses to the sample bytes', () => {
    const transactionId = hex(TRANSACTION);
    const ipv6 = { address: '2001:db8:1234:5678:11:2233:4455:6677', port: 32_853 };
    expect(bytes(xorMappedAddress(SOURCE, transactionId))).toBe('0001a147e112a643');
    expect(bytes(xorMappedAddress(ipv6, transactionId))).toBe(
      '0002a1470113a9faa5d3f179bc25f4b5bed2b9d9',
    );
  });
});

function bytes(value: Uint8Array | undefined): string {
  return Buffer.from(value ?? []).toString('hex');
}

function answerTo(message: Uint8Array): Uint8Array | undefined {
  const parsed = parseBindingRequest(message);
  return parsed && encodeAnswer(parsed, SOURCE);
}

describe('STUN answers', () => {
  it('answer a bare request with the mapped address and SOFTWARE', () => {
    expect(bytes(answerTo(PLAIN_REQUEST))).toBe(
      bytes(
        hex(`01010018 2112a442 ${TRANSACTION} 00200008 0001a147e112a643 80220008 506565726c696e65`),
      ),
    );
  });

  it('carry a FINGERPRINT where the request did', () => {
    const answer = Buffer.from(answerTo(withFingerprint(PLAIN_REQUEST)) ?? []);
    expect(answer.readUInt16BE(2)).toBe(answer.length - 20);
    expect(answer.readUInt16BE(answer.length - 8)).toBe(0x8028);
    expect(answer.readUInt32BE(answer.length - 4)).toBe(fingerprint(answer.subarray(0, -8)));
  });

  it('give an IPv4 client on a dual-stack socket its IPv4 address', () => {
    const mapped = { address: '::ffff:192.0.2.1', port: 32_853 };
    expect(bytes(xorMappedAddress(mapped, hex(TRANSACTION)))).toBe('0001a147e112a643');
  });

  it('reject attributes that would have to be understood with 420 and their list', () => {
    // CHANGE-REQUEST of RFC 5780, twice, and PRIORITY of RFC 8445.
    const answer = bytes(
      answerTo(request('0003000400000006', '002400046e0001ff', '0003000400000002')),
    );
    expect(answer.slice(0, 4)).toBe('0111');
    expect(answer).toContain(`0009001500000414${Buffer.from('Unknown Attribute').toString('hex')}`);
    expect(answer).toContain('000a000400030024');
  });

  it('ignore what comes behind the integrity, and what may be ignored', () => {
    const integrity = `00080014${'00'.repeat(20)}`;
    expect(bytes(answerTo(request(integrity, '0003000400000006'))).slice(0, 4)).toBe('0101');
    expect(bytes(answerTo(request('c05700040000000a'))).slice(0, 4)).toBe('0101');
  });
});

describe('STUN drops without a word', () => {
  it.each([
    ['nothing', hex('')],
    ['half a header', PLAIN_REQUEST.subarray(0, 19)],
    ['an indication', hex(`00110000 2112a442 ${TRANSACTION}`)],
    ['a success response', SAMPLE_IPV4_ANSWER],
    ['another method', hex(`00030000 2112a442 ${TRANSACTION}`)],
    ['a message of RFC 3489, without the cookie', hex(`00010000 00000000 ${TRANSACTION}`)],
    ['a length that is too small', Buffer.concat([PLAIN_REQUEST, hex('80220000')])],
    ['a length that is too large', hex(`00010004 2112a442 ${TRANSACTION}`)],
    ['a length that is no multiple of four', hex(`00010003 2112a442 ${TRANSACTION} 000000`)],
    ['an attribute that reaches over the end', request('8022000800000000')],
    ['a wrong fingerprint', request('8028000400000000')],
    ['a fingerprint of another size', request('802800080000000000000000')],
    ['something behind the fingerprint', trailing()],
    ['more than a datagram should have', request(...Array.from({ length: 140 }, () => '80220000'))],
  ])('%s', (_, datagram) => {
    expect(answerTo(datagram)).toBeUndefined();
  });

  it('requests above the rate of their source, and answers again later', () => {
    let nowMs = 0;
    const responder = new StunResponder({ burst: 3, perSecond: 1 }, () => nowMs);
    const answers = Array.from({ length: 5 }, () => responder.answer(PLAIN_REQUEST, SOURCE));
    expect(answers.filter((answer) => answer !== undefined)).toHaveLength(3);
    expect(responder.answer(PLAIN_REQUEST, { ...SOURCE, address: '192.0.2.2' })).toBeDefined();
    expect(responder.answer(PLAIN_REQUEST, { ...SOURCE, port: 9 })).toBeUndefined();
    nowMs = 1_000;
    expect(responder.answer(PLAIN_REQUEST, SOURCE)).toBeDefined();
  });

  const seed = testSeed();
  it(`20,000 datagrams of garbage, and answers only what is well-formed (seed ${seed})`, () => {
    const random = new Random(seed);
    const responder = new StunResponder({ burst: 1e9, perSecond: 1e9 }, () => 0);
    const templates = [
      PLAIN_REQUEST,
      SAMPLE_REQUEST,
      SAMPLE_IPV4_ANSWER,
      withFingerprint(request('80220000')),
    ];
    let answered = 0;
    for (let round = 0; round < 20_000; round += 1) {
      const datagram = mutated(random, random.pick(templates));
      const answer = responder.answer(datagram, SOURCE);
      if (answer === undefined) continue;
      answered += 1;
      expect(datagram.readUInt32BE(4)).toBe(0x2112a442);
      expect(datagram.readUInt16BE(0)).toBe(1);
      expect(bytes(answer).slice(16, 40)).toBe(bytes(datagram.subarray(8, 20)));
      expect(answer.length).toBeLessThanOrEqual(108);
    }
    expect(answered).toBeGreaterThan(0);
  });
});

function trailing(): Buffer {
  const whole = Buffer.concat([withFingerprint(PLAIN_REQUEST), hex('80220000')]);
  whole.writeUInt16BE(whole.length - 20, 2);
  return whole;
}

function mutated(random: Random, template: Buffer): Buffer {
  if (random.chance(0.1)) return random.bytes(random.below(200));
  let datagram = Buffer.from(template);
  for (let edits = random.below(4); edits > 0; edits -= 1) {
    const at = random.below(Math.max(1, datagram.length));
    if (random.chance(0.5) && datagram.length > 0) datagram[at] = random.below(256);
    else if (random.chance(0.5)) datagram = datagram.subarray(0, at);
    else datagram = Buffer.concat([datagram, random.bytes(4 * random.below(4))]);
  }
  if (datagram.length >= 20 && random.chance(0.7)) datagram.writeUInt16BE(datagram.length - 20, 2);
  return datagram;
}

describe('StunServer', () => {
  it.each(['127.0.0.1', '::1'])(
    'answers over UDP on %s with the address it sees',
    async (address) => {
      const server = new StunServer(
        new StunResponder({ burst: 10, perSecond: 1 }, () => performance.now()),
        silentLog,
      );
      const port = await server.listen([address], 0);
      onTestFinished(() => server.close());
      const client = createSocket(address === '::1' ? 'udp6' : 'udp4');
      onTestFinished(() => {
        client.close();
      });
      client.bind({ address });
      await once(client, 'listening');
      const reply = once(client, 'message');
      client.send(hex('deadbeef'), port, address);
      client.send(PLAIN_REQUEST, port, address);
      const [answer]: unknown[] = await reply;
      const expected = xorMappedAddress({ address, port: client.address().port }, hex(TRANSACTION));
      expect(answer).toBeInstanceOf(Buffer);
      if (Buffer.isBuffer(answer)) expect(answer.toString('hex')).toContain(bytes(expected));
    },
  );

  it('says which option to change when the port is taken', async () => {
    const server = new StunServer(
      new StunResponder({ burst: 1, perSecond: 1 }, () => 0),
      silentLog,
    );
    const port = await server.listen(['127.0.0.1'], 0);
    onTestFinished(() => server.close());
    const second = new StunServer(
      new StunResponder({ burst: 1, perSecond: 1 }, () => 0),
      silentLog,
    );
    await expect(second.listen(['127.0.0.1'], port)).rejects.toMatchObject({
      code: 'port-in-use',
      message: expect.stringContaining('--stun-port'),
    });
  });
});
