import type { Scenario } from '../suite/scenario.ts';
import { bundleSize } from './bundle.ts';

/** What an application imports of each; everything that is exported counts. */
const SOURCES: Readonly<Record<string, string>> = {
  core: "export * from 'peerline/core';",
  peerline: "export * from 'peerline';",
  peerjs: "export { Peer } from 'peerjs';",
  'simple-peer':
    "export { default as SimplePeer } from 'simple-peer/simplepeer.min.js'; export { io } from 'socket.io-client';",
  trystero: "export * from 'trystero';",
  transport: "export { io } from 'socket.io-client';",
};

const BYTES_PER_KB = 1_000;

export const SIZE: Scenario = {
  id: 'size',
  title: 'What a browser loads',
  method: `Bundled and minified by esbuild for browsers (ES2022 modules, split at \`import()\`), each file
compressed with gzip, level 9. Of PeerJS the class \`Peer\` alone is imported, of simple-peer its own minified
file, as its README advises for pages, with the client of Socket.IO, since it brings no signaling; Trystero is
its default entry, over Nostr. 1 kB is 1,000 bytes. The size gate of this tree (\`npm run size\`) counts what is loaded at
once as a single file and without what only later parts use of it, which is some 2 kB less.`,
  contestants: [
    { id: 'core', title: 'Peerline, core', packages: ['peerline'] },
    { id: 'peerline', title: 'Peerline, whole', packages: ['peerline'] },
    { id: 'peerjs', title: 'PeerJS', packages: ['peerjs'] },
    {
      id: 'simple-peer',
      title: 'simple-peer + Socket.IO',
      packages: ['simple-peer', 'socket.io-client'],
    },
    { id: 'trystero', title: 'Trystero', packages: ['trystero'] },
    {
      id: 'transport',
      title: 'socket.io-client, which is in the core',
      packages: ['socket.io-client'],
    },
  ],
  metrics: [
    { id: 'first', what: 'loaded at once', unit: 'kB', better: 'less' },
    { id: 'whole', what: 'with what is loaded when needed', unit: 'kB', better: 'less' },
  ],
  aims: [{ metric: 'first', contestant: 'core', is: 'at most', bound: 30.72 }],
  runs: 1,
  needs: 'nothing',
  open: async () => ({
    measure: async (contestant) => {
      const source = SOURCES[contestant];
      if (source === undefined) throw new Error(`nothing is known to import of ${contestant}`);
      const { firstLoad, whole } = await bundleSize(source);
      return { values: { first: firstLoad / BYTES_PER_KB, whole: whole / BYTES_PER_KB } };
    },
    close: async () => undefined,
  }),
};
