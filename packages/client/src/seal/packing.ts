import { concatenate } from '../base/bytes.ts';

/** DEFLATE (RFC 1951), which makes a quarter of a description (SPEC.md, SEAL5). */
const FORMAT = 'deflate-raw';

/** Above every envelope; a thousand zeros pack into one byte, and nobody is to fill our memory with them. */
const UNPACKED_MAX_BYTES = 128 * 1024;

export function pack(text: string): Promise<Uint8Array<ArrayBuffer>> {
  return through(text, new CompressionStream(FORMAT));
}

/** @throws what is not packed, or unpacks into too much */
export async function unpack(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new TextDecoder().decode(await through(bytes, new DecompressionStream(FORMAT)));
}

async function through(
  data: BlobPart,
  transform: CompressionStream | DecompressionStream,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new Blob([data]).stream().pipeThrough(transform).getReader();
  const parts: Uint8Array[] = [];
  for (let left = UNPACKED_MAX_BYTES; ;) {
    const { value } = await reader.read();
    if (value === undefined) return concatenate(parts);
    left -= value.length;
    if (left < 0) throw new RangeError('unpacks into too much');
    parts.push(value);
  }
}
