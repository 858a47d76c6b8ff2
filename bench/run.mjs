// npm run bench: measures Peerline beside its peers.
import { runMain } from '../e2e/rig/run-main.mjs';

await runMain(new URL('suite/main.ts', import.meta.url));
