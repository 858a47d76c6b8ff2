/**
 * Sealing once more, written from SPEC.md alone with node:crypto: it shares no code with `seal/`, so that
 * the two can only agree by both being what is written. Plain JavaScript, since the SDK's own sources are
 * compiled without the types of Node.
 */
import {
  createCipheriv,
  createDecipheriv,
  createECDH,
  createHmac,
  hkdfSync,
  pbkdf2Sync,
  randomBytes,
} from 'node:crypto';
import { readFileSync } from 'node:fs';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

const SIZES = [256, 512, 1_024, 2_048, 4_096, 8_192, 16_384, 24_000];

/** The text that the vectors stand in. */
export const SPEC = readFileSync(new URL('../../../protocol/SPEC.md', import.meta.url), 'utf8');

function hkdf(input, info, salt = 'peerline/1') {
  return Buffer.from(hkdfSync('sha256', input, salt, info, 32));
}

/** One peer of a room, with everything it needs to seal and open. */
export class NodeSeal {
  #options;
  #ecdh = createECDH('prime256v1');
  #root;

  constructor(options) {
    this.#options = options;
    this.#ecdh.setPrivateKey(Buffer.alloc(32, options.scalarByte));
    this.#root = hkdf(Buffer.from(options.key, 'base64url'), `seal ${options.name}`);
  }

  get root() {
    return this.#root.toString('hex');
  }

  get card() {
    const { room, peer } = this.#options;
    const key = this.#ecdh.getPublicKey();
    const mark = createHmac('sha256', hkdf(this.#root, 'card'))
      .update(`peerline/1 card ${room}${peer}`)
      .update(key)
      .digest();
    return Buffer.concat([key, mark]).toString('base64url');
  }

  get jwk() {
    const key = this.#ecdh.getPublicKey();
    return {
      kty: 'EC',
      crv: 'P-256',
      d: this.#ecdh.getPrivateKey('base64url'),
      x: key.subarray(1, 33).toString('base64url'),
      y: key.subarray(33).toString('base64url'),
    };
  }

  keyTo(other) {
    return this.#key(this.#options.peer, other.#options.peer, other).toString('hex');
  }

  /** @param isOfferer whether the other one answers (SPEC.md, IDENT1) */
  identityWith(other, isOfferer) {
    const { room, peer } = this.#options;
    const ends = isOfferer ? [this, other] : [other, this];
    const [ids, cards] = [ends.map((one) => one.#options.peer), ends.map((one) => one.card)];
    const key = hkdf(
      this.#ecdh.computeSecret(other.#ecdh.getPublicKey()),
      `peerline/1 identity ${room}${ids.join('')}${cards.join('')}`,
    );
    return {
      key: key.toString('hex'),
      tag: (claim) =>
        createHmac('sha256', key)
          .update(
            `peerline/1 ${claim} ${room}${peer}${other.#options.peer}${this.card}${other.card}`,
          )
          .digest('base64url'),
    };
  }

  seal(to, counter, json) {
    const { room, peer } = this.#options;
    const packed = deflateRawSync(json);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(packed.length);
    const used = 2 + packed.length;
    const size = SIZES.find((one) => one >= used);
    if (size === undefined) throw new Error(`${used} bytes`);
    const number = Buffer.alloc(8);
    number.writeBigUInt64BE(BigInt(counter));
    const nonce = Buffer.concat([Buffer.alloc(4), number]);
    const key = this.#key(peer, to.#options.peer, to);
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    cipher.setAAD(Buffer.from(`peerline/1 seal ${room}${peer}${to.#options.peer}`));
    const text = Buffer.concat([length, packed, Buffer.alloc(size - used)]);
    const sealed = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
    return Buffer.concat([Buffer.of(1), number, sealed]).toString('base64url');
  }

  open(from, body) {
    const { room, peer } = this.#options;
    const bytes = Buffer.from(body, 'base64url');
    const nonce = Buffer.concat([Buffer.alloc(4), bytes.subarray(1, 9)]);
    const key = this.#key(from.#options.peer, peer, from);
    const decipher = createDecipheriv('aes-256-gcm', key, nonce);
    decipher.setAAD(Buffer.from(`peerline/1 seal ${room}${from.#options.peer}${peer}`));
    decipher.setAuthTag(bytes.subarray(-16));
    const text = Buffer.concat([decipher.update(bytes.subarray(9, -16)), decipher.final()]);
    return inflateRawSync(text.subarray(2, 2 + text.readUInt16BE(0))).toString('utf8');
  }

  #key(from, to, other) {
    const own = this.#ecdh.getPublicKey();
    const theirs = other.#ecdh.getPublicKey();
    const keys = from === this.#options.peer ? [own, theirs] : [theirs, own];
    const info = Buffer.concat([Buffer.from(`peerline/1 pair ${from}${to}`), ...keys]);
    return hkdf(this.#ecdh.computeSecret(theirs), info, this.#root);
  }
}

/** SPEC.md, DOOR5. */
export function nodeDoorKey({ name, key }, password) {
  const salt = Buffer.concat([
    Buffer.from(`peerline/1 door ${name}`),
    Buffer.from(key, 'base64url'),
  ]);
  const derived = pbkdf2Sync(password.normalize('NFKC'), salt, 600_000, 16, 'sha256');
  return derived.toString('base64url');
}

/** SPEC.md, DOOR4. */
export function nodeSealNote({ name, key }, peer, text) {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', noteKey(name, key), nonce);
  cipher.setAAD(Buffer.from(`peerline/1 note ${peer}`));
  const padded = Buffer.alloc(256);
  padded[0] = Buffer.byteLength(text);
  padded.write(text, 1);
  const sealed = [nonce, cipher.update(padded), cipher.final(), cipher.getAuthTag()];
  return Buffer.concat(sealed).toString('base64url');
}

export function nodeOpenNote({ name, key }, peer, note) {
  const bytes = Buffer.from(note, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', noteKey(name, key), bytes.subarray(0, 12));
  decipher.setAAD(Buffer.from(`peerline/1 note ${peer}`));
  decipher.setAuthTag(bytes.subarray(-16));
  const plain = Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);
  return plain.subarray(1, 1 + plain[0]).toString('utf8');
}

function noteKey(name, key) {
  const root = hkdfSync('sha256', Buffer.from(key, 'base64url'), 'peerline/1', `seal ${name}`, 32);
  return Buffer.from(hkdfSync('sha256', Buffer.from(root), 'peerline/1', 'note', 32));
}
