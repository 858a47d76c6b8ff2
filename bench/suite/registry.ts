import { SIZE } from '../size/scenario.ts';
import { DATA } from '../data/scenario.ts';
import { MESH } from '../mesh/scenario.ts';
import { SETUP } from '../setup/scenario.ts';
import type { Scenario } from './scenario.ts';

/** All that `npm run bench` can measure, in the order of the page. Another one is added here. */
export const SCENARIOS: readonly Scenario[] = [SIZE, SETUP, DATA, MESH];
