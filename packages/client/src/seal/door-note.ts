import { concatenate, utf8 } from '../base/bytes.ts';
import { fromBase64Url, toBase64Url } from '../link/base64url.ts';
import { hkdf } from '../link/hkdf.ts';
import type { RoomLink } from '../link/room-link.ts';

const NONCE_BYTES = 12;
const TEXT_MAX_BYTES = 255;
const KEY_BYTES = 32;

/**
 * Who knocks, for those who hold the link (SPEC.md, DOOR4): a length of one byte, the name, zeros up to 256
 * bytes, sealed by AES-256-GCM under HKDF(root, info `note`) with a random nonce in front.
 */
export async function sealDoorNote(link: RoomLink, peer: string, name: string): Promise<string> {
  const text = utf8(cut(name));
  const plain = new Uint8Array(TEXT_MAX_BYTES + 1);
  plain.set([text.length]);
  plain.set(text, 1);
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const sealed = await crypto.subtle.encrypt(cipher(nonce, peer), await noteKey(link), plain);
  return toBase64Url(concatenate([nonce, new Uint8Array(sealed)]));
}

/** @returns undefined for what no holder of the link sealed for that peer */
export async function openDoorNote(
  link: RoomLink,
  peer: string,
  note: string,
): Promise<string | undefined> {
  try {
    const bytes = fromBase64Url(note);
    const nonce = bytes.slice(0, NONCE_BYTES);
    const sealed = bytes.slice(NONCE_BYTES);
    const plain = await crypto.subtle.decrypt(cipher(nonce, peer), await noteKey(link), sealed);
    const [length = 0, ...text] = new Uint8Array(plain);
    return new TextDecoder().decode(Uint8Array.from(text.slice(0, length)));
  } catch {
    return undefined;
  }
}

/** Whole characters, as many as there is room for. */
function cut(name: string): string {
  let [bytes, end] = [0, 0];
  for (const character of name) {
    bytes += utf8(character).length;
    if (bytes > TEXT_MAX_BYTES) break;
    end += character.length;
  }
  return name.slice(0, end);
}

function cipher(iv: Uint8Array<ArrayBuffer>, peer: string): AesGcmParams {
  return { name: 'AES-GCM', iv, additionalData: utf8(`peerline/1 note ${peer}`) };
}

async function noteKey({ name, key }: RoomLink): Promise<CryptoKey> {
  const { subtle } = crypto;
  const root = await hkdf(subtle, fromBase64Url(key), `seal ${name}`, KEY_BYTES);
  const derived = await hkdf(subtle, root, 'note', KEY_BYTES);
  return await subtle.importKey('raw', derived, 'AES-GCM', false, ['encrypt', 'decrypt']);
}
