import { parseCard, type Card, type PeerId, type RoomId } from '@peerline/protocol';
import { concatenate, utf8 } from '../base/bytes.ts';
import { fromBase64Url, toBase64Url } from '../link/base64url.ts';
import { hkdf } from '../link/hkdf.ts';
import type { RoomLink } from '../link/room-link.ts';
import { wellFormed } from '../link/room-keys.ts';
import { PairSeal } from './pair-seal.ts';
import type { Sealing } from './sealing.ts';

/** Of an uncompressed P-256 point (SEC 1 section 2.3.3); the mark stands behind it. */
const PUBLIC_KEY_BYTES = 65;

/** Of the root and of what is derived from it (SPEC.md, SEAL1). */
const KEY_BYTES = 32;

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
export class RoomSeal implements Sealing {
  /** The public key, marked by a holder of the link. */
  readonly card: Card;
  readonly #self: Member;
  readonly #root: Root;
  readonly #privateKey: CryptoKey;
  readonly #publicKey: Uint8Array<ArrayBuffer>;

  private constructor(
    self: Member,
    root: Root,
    privateKey: CryptoKey,
    publicKey: Uint8Array<ArrayBuffer>,
    mark: Uint8Array,
  ) {
    this.card = wellFormed(parseCard(toBase64Url(concatenate([publicKey, mark]))));
    this.#self = self;
    this.#root = root;
    this.#privateKey = privateKey;
    this.#publicKey = publicKey;
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
    return new RoomSeal(self, root, keys.privateKey, key, new Uint8Array(mark));
  }

  async pair(peer: PeerId, card: Card): Promise<PairSeal | undefined> {
    // A server that reflects would have this side talk to itself.
    if (peer === this.#self.peer) return undefined;
    const bytes = fromBase64Url(card);
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
    const own = this.#publicKey;
    let secret: ArrayBuffer;
    try {
      const key = await subtle.importKey('raw', theirs, CURVE, false, []);
      secret = await subtle.deriveBits({ name: CURVE.name, public: key }, this.#privateKey, 256);
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
      secret: material,
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
        info: concatenate([utf8('peerline/1 pair '), ...ends]),
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
  const salt = await hkdf(subtle, fromBase64Url(key), `seal ${name}`, KEY_BYTES);
  const marking = await hkdf(subtle, salt, 'card', KEY_BYTES);
  return { salt, marking: await subtle.importKey('raw', marking, MARK, false, ['sign', 'verify']) };
}

function marked({ room, peer }: Member, key: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return concatenate([utf8(`peerline/1 card ${room}${peer}`), key]);
}
