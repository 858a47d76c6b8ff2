import { randomBytes } from 'node:crypto';
import type { Random } from '../random.ts';

export interface FrameLies {
  readonly fin?: boolean;
  /** Three bits: 4 says that the frame is compressed. */
  readonly rsv?: number;
  readonly opcode: number;
  readonly isMasked?: boolean;
  /** In place of the payload's own length. */
  readonly length?: bigint;
  /** The form of the length field, in place of the shortest: 7, 16 or 64 bits. */
  readonly lengthBits?: 7 | 16 | 64;
}

/** A WebSocket frame (RFC 6455 section 5.2) that may say what is not so. */
export function lyingFrame(lies: FrameLies, payload: Buffer): Buffer {
  const { fin = true, rsv = 0, opcode, isMasked = true } = lies;
  const length = lies.length ?? BigInt(payload.length);
  const bits = lies.lengthBits ?? (length < 126n ? 7 : length < 65_536n ? 16 : 64);
  const first = (fin ? 0x80 : 0) | ((rsv & 7) << 4) | (opcode & 15);
  const maskBit = isMasked ? 0x80 : 0;
  const head = Buffer.alloc(bits === 7 ? 2 : bits === 16 ? 4 : 10);
  head[0] = first;
  if (bits === 7) head[1] = maskBit | Number(length & 0x7fn);
  else if (bits === 16) {
    head[1] = maskBit | 126;
    head.writeUInt16BE(Number(length & 0xffffn), 2);
  } else {
    head[1] = maskBit | 127;
    head.writeBigUInt64BE(length & 0xffff_ffff_ffff_ffffn, 2);
  }
  if (!isMasked) return Buffer.concat([head, payload]);
  const mask = randomBytes(4);
  const masked = Buffer.from(payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0)));
  return Buffer.concat([head, mask, masked]);
}

const TEXT = 1;

/** One thing that a hostile WebSocket client may write: mostly Engine.IO packets, sometimes broken frames. */
export function hostileFrame(random: Random): Buffer {
  if (random.chance(0.6)) return lyingFrame({ opcode: TEXT }, Buffer.from(enginePacket(random)));
  const junk = random.bytes(random.below(200));
  switch (random.below(13)) {
    case 0:
      return lyingFrame({ opcode: random.below(16) }, junk);
    case 1:
      return lyingFrame({ opcode: TEXT, rsv: 4 }, junk);
    case 2:
      return lyingFrame({ opcode: TEXT, rsv: 1 + random.below(7), fin: random.chance(0.5) }, junk);
    case 3:
      return lyingFrame({ opcode: 0, fin: random.chance(0.5) }, junk);
    case 4:
      return lyingFrame({ opcode: 1 + random.below(2), fin: false }, junk);
    case 5:
      return fragments(random);
    case 6:
      return lyingFrame({ opcode: TEXT, length: random.pick(LENGTHS) }, junk);
    case 7:
      return lyingFrame({ opcode: TEXT, lengthBits: random.pick([16, 64]) }, junk);
    case 8:
      return lyingFrame({ opcode: TEXT, isMasked: false }, junk);
    case 9:
      return lyingFrame({ opcode: 8 + random.below(3) }, random.bytes(random.below(300)));
    case 10:
      return lyingFrame({ opcode: 8 }, closeCode(random));
    case 11:
      return lyingFrame({ opcode: TEXT }, Buffer.from([0xc0, 0x80, 0xed, 0xa0, 0x80, 0xff]));
    default:
      return junk;
  }
}

const LENGTHS = [
  ...[0n, 1n, 125n, 126n, 65_535n, 65_536n, 131_072n, 131_073n],
  ...[2n ** 31n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n],
];

/** A message in pieces, of which some are missing, doubled or of another kind. */
function fragments(random: Random): Buffer {
  const pieces = [lyingFrame({ opcode: TEXT, fin: false }, Buffer.from('4'))];
  for (let more = random.below(40); more > 0; more -= 1) {
    const opcode = random.chance(0.9) ? 0 : random.pick([1, 2, 9, 10]);
    pieces.push(lyingFrame({ opcode, fin: random.chance(0.1) }, random.bytes(random.below(8))));
  }
  return Buffer.concat(pieces);
}

function closeCode(random: Random): Buffer {
  const code = Buffer.alloc(random.below(4));
  if (code.length >= 2) code.writeUInt16BE(random.pick([0, 999, 1000, 1005, 1006, 1015, 5000]));
  return Buffer.concat([code, random.bytes(random.below(100))]);
}

/** An Engine.IO packet of any type, or none. */
export function enginePacket(random: Random): string {
  const rest = random.pick([
    ...['', 'probe', '{}', '0', '40{}', '\u0000', '{"sid":"x"}', 'b', '=', '4b'],
    'x'.repeat(random.below(3_000)),
    String(random.next()),
  ]);
  // Types 0 to 6 are defined; `b` begins binary in base64.
  return random.pick(['0', '2', '3', '4', '5', '6', '7', '9', 'b', 'b4', '', '-', '\ufffd']) + rest;
}
