import type { PeerId, RoomId } from '@peerline/protocol';
import { fromBase64Url, toBase64Url } from '../link/base64url.ts';
import type { RoomLink } from '../link/room-link.ts';
import { PairSeal } from './pair-seal.ts';

/** Of an uncompressed P-256 point (SEC 1 section 2.3.3), and of the mark behind it. */
const PUBLIC_KEY_BYTES = 65;
const MARK_BYTES = 32;

const CURVE = { name: 'ECDH', namedCurve: 'P-256' } as const;
const MARK = { name: 'HMAC', hash: 'SHA-256' } as const;

export interface Member {
  readonly room: RoomId;
  readonly peer: PeerId;
}

/**
 * What this side of a room seals with (SPEC.md, section Sealing): the link's key, which the server does not
 * know, and a key pair of this join alone.
 */
export class RoomSeal {
  /** What the others need of it: the public key, marked by a holder of the link. */
  readonly card: string;
  readonly #self: Member;
  readonly #root: Root;
  readonly #keys: CryptoKeyPair;

  private constructor(card: string, self: Member, root: Root, keys: CryptoKeyPair) {
    this.card = card;
    this.#self = self;
    this.#root = root;
    this.#keys = keys;
  }

  /** @param drawn a key pair of this join alone; given in tests only */
  static async create(
    link: RoomLink,
    self: Member,
    drawn: Promise<CryptoKeyPair> = crypto.subtle.generateKey(CURVE, false, ['deriveBits']),
  ): Promise<RoomSeal> {
    const [root, keys] = await Promise.all([deriveRoot(link), drawn]);
    const key = new Uint8Array(await crypto.subtle.exportKey('raw', keys.publicKey));
    const mark = await crypto.subtle.sign(MARK.name, root.marking, marked(self, key));
    return new RoomSeal(toBase64Url(concat(key, new Uint8Array(mark))), self, root, keys);
  }

  /** @returns undefined where the card is not one that a holder of the link made for that peer */
  async pair(peer: PeerId, card: string): Promise<PairSeal | undefined> {
    const bytes = decoded(card);
    if (bytes?.length !== PUBLIC_KEY_BYTES + MARK_BYTES) return undefined;
    const theirs = bytes.slice(0, PUBLIC_KEY_BYTES);
    const mark = bytes.slice(PUBLIC_KEY_BYTES);
    const { room } = this.#self;
    const isMarked = await crypto.subtle.verify(
      MARK.name,
      this.#root.marking,
      mark,
      marked({ room, peer }, theirs),
    );
    if (!isMarked) return undefined;
    const { subtle } = crypto;
    const own = new Uint8Array(await subtle.exportKey('raw', this.#keys.publicKey));
    let secret: ArrayBuffer;
    try {
      const key = await subtle.importKey('raw', theirs, CURVE, false, []);
      secret = await subtle.deriveBits(
        { name: CURVE.name, public: key },
        this.#keys.privateKey,
        256,
      );
    } catch {
      return undefined; // no point of the curve
    }
    const material = await subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']);
    const self = this.#self.peer;
    const [outgoing, incoming] = await Promise.all([
      this.#directionKey(material, 'encrypt', utf8(self + peer), own, theirs),
      this.#directionKey(material, 'decrypt', utf8(peer + self), theirs, own),
    ]);
    return new PairSeal({
      outgoing: { key: outgoing, context: utf8(`peerline/1 seal ${room}${self}${peer}`) },
      incoming: { key: incoming, context: utf8(`peerline/1 seal ${room}${peer}${self}`) },
    });
  }

  #directionKey(
    material: CryptoKey,
    use: 'encrypt' | 'decrypt',
    ...ends: readonly Uint8Array<ArrayBuffer>[]
  ): Promise<CryptoKey> {
    return crypto.subtle.deriveKey(
      {
        name: 'HKDF',
        hash: 'SHA-256',
        salt: this.#root.salt,
        info: concat(utf8('peerline/1 pair '), ...ends),
      },
      material,
      { name: 'AES-GCM', length: 256 },
      false,
      [use],
    );
  }
}

interface Root {
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly marking: CryptoKey;
}

async function deriveRoot({ name, key }: RoomLink): Promise<Root> {
  const { subtle } = crypto;
  const derive = async (
    from: Uint8Array<ArrayBuffer>,
    info: string,
  ): Promise<Uint8Array<ArrayBuffer>> => {
    const material = await subtle.importKey('raw', from, 'HKDF', false, ['deriveBits']);
    const algorithm = { name: 'HKDF', hash: 'SHA-256', salt: utf8('peerline/1'), info: utf8(info) };
    return new Uint8Array(await subtle.deriveBits(algorithm, material, 256));
  };
  const salt = await derive(fromBase64Url(key), `seal ${name}`);
  const marking = await derive(salt, 'card');
  return { salt, marking: await subtle.importKey('raw', marking, MARK, false, ['sign', 'verify']) };
}

function marked({ room, peer }: Member, key: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return concat(utf8(`peerline/1 card ${room}${peer}`), key);
}

function decoded(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return fromBase64Url(text);
  } catch {
    return undefined;
  }
}

function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
