import type { BrowserName } from '../rig/tab.ts';

/** The browser that is looked at, and the one at the other end. */
export type Pairing = readonly [BrowserName, BrowserName];

/** What one run gave. A run that throws is a miss as well, and its error says what did not come. */
export interface Measurement {
  /** In the unit of the fault's expectation. */
  readonly value: number;
  /** What else is worth knowing of the run, such as a seed. */
  readonly note?: string;
}

/** What a fault may cost, and at which point of the distribution that is judged. */
export interface Expectation {
  readonly unit: 'ms' | 'count';
  readonly max: number;
  readonly at: 'p95' | 'worst';
  /** In words, for the table: "picture back after the link is up". */
  readonly what: string;
}

/** A stage that is set up once for a pairing, and on which the fault is tried again and again. */
export interface Stage {
  /** @param run counts from 1 */
  run(run: number): Promise<Measurement>;
  close(): Promise<void>;
}

/** One row of the fault matrix. */
export interface Fault {
  /** Its number in the matrix; a letter behind it where a row needs several: `12a`, `12b`. */
  readonly id: string;
  readonly title: string;
  readonly expected: Expectation;
  /** It needs no network of its own, and so is tried also where no lab can be made. */
  readonly isLocal?: true;
  /** Those of the full matrix; the short form tries the first one only. */
  readonly pairings: readonly Pairing[];
  /** How often, at least; 0 in the short form leaves the fault to the full matrix. */
  readonly runs: { readonly full: number; readonly short: number };
  readonly setUp: (pairing: Pairing) => Promise<Stage>;
}
