import { expect, test } from 'vitest';
import { utf8 } from '../base/bytes.ts';
import { pack, unpack } from './packing.ts';

test('SEAL5 what is packed comes out as it was', async () => {
  for (const text of ['', '{}', '"é€👋"', 'v=0\r\n'.repeat(2_000)]) {
    expect(await unpack(await pack(text))).toBe(text);
  }
  expect((await pack('v=0\r\n'.repeat(2_000))).length).toBeLessThan(200);
});

test('SEAL5 what is not packed, or is too much, does not come out', async () => {
  await expect(unpack(utf8('{}'))).rejects.toBeInstanceOf(Error);
  await expect(unpack(await pack('x'.repeat(131_072)))).resolves.toHaveLength(131_072);
  await expect(pack('x'.repeat(200_000)).then(unpack)).rejects.toThrow('too much');
});
