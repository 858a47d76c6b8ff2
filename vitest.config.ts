import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  // A list of none would pass for one of all.
  test: {
    passWithNoTests: false,
    projects: [
      {
        // Unit tests read the packages' sources, so that they never run against a stale build.
        resolve: {
          alias: [
            {
              find: /^@peerline\/protocol$/,
              replacement: source('packages/protocol/src/index.ts'),
            },
            { find: /^@peerline\/server$/, replacement: source('packages/server/src/index.ts') },
            { find: /^peerline$/, replacement: source('packages/client/src/index.ts') },
            {
              find: /^peerline\/identities$/,
              replacement: source('packages/client/src/identities/index.ts'),
            },
            {
              find: /^peerline\/testing$/,
              replacement: source('packages/client/src/testing/index.ts'),
            },
          ],
        },
        test: {
          name: 'unit',
          // None takes a second; a machine that does other things meanwhile must not fail them.
          testTimeout: 30_000,
          include: [
            'packages/*/src/**/*.test.ts',
            'apps/*/src/**/*.test.{ts,tsx}',
            'tools/**/*.test.mjs',
            'e2e/**/*.unit.test.ts',
            'bench/**/*.unit.test.ts',
          ],
        },
      },
      {
        // In real browsers, over the packages as they are published.
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          exclude: ['e2e/**/*.unit.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
