import { describe, expect, test } from 'vitest';
import { textTable } from './faults/figures.ts';
import { MATRIX } from './faults/matrix.ts';
import { measure } from './faults/measure.ts';
import { isNetlabSkipped } from './netlab/netlab.ts';

/** The short form of `npm run faults`: what fits into every run of all tests. */

/** A stage stands after a few seconds, and no fault of the short form lasts longer than this. */
const RUN_MAX_MS = 60_000;

if (isNetlabSkipped()) {
  process.stderr.write('\nPEERLINE_SKIP_NETLAB=1: NO FAULT OF THE NETWORK IS TRIED.\n\n');
}

describe('faults', () => {
  for (const fault of MATRIX) {
    const runs = fault.runs.short;
    const [pairing] = fault.pairings;
    if (runs === 0 || pairing === undefined) continue;
    test.skipIf(isNetlabSkipped() && fault.isLocal !== true)(
      `fault ${fault.id}: ${fault.title}`,
      async () => {
        const row = await measure({ fault, pairing, runs }, 'this one');
        const failed = row.runs.flatMap((run) => ('error' in run ? [run.error] : []));
        expect(failed).toEqual([]);
        // The whole row, so that a miss says by how much.
        expect(textTable([row])).toMatch(/ ok\n$/);
      },
      RUN_MAX_MS * (runs + 1),
    );
  }
});
