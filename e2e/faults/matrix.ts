import type { Fault } from './fault.ts';
import { serverRestart } from './rows/server-restart.ts';

/** Every fault there is, in the order of the matrix. */
export const MATRIX: readonly Fault[] = [serverRestart];
