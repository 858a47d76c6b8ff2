// npm run faults: tries the fault matrix.
import { runMain } from '../rig/run-main.mjs';

/** The comparison with others has a main of its own, beside their packages. */
const MAIN = process.argv.includes('--versus') ? '../../bench/versus/main.ts' : 'main.ts';

await runMain(new URL(MAIN, import.meta.url));
