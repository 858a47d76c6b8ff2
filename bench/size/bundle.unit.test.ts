import { expect, test } from 'vitest';
import { bundleSize } from './bundle.ts';

test('counts what is imported at once apart from what comes later', async () => {
  const alone = await bundleSize("export { io } from 'socket.io-client';");
  expect(alone.firstLoad).toBe(alone.whole);
  expect(alone.firstLoad).toBeGreaterThan(5_000);
  const later = await bundleSize("export const load = () => import('socket.io-client');");
  expect(later.firstLoad).toBeLessThan(500);
  expect(later.whole).toBeGreaterThan(alone.whole);
});
