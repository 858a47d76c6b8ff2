import { SIZE } from '../size/scenario.ts';
import { DATA } from '../data/scenario.ts';
import { MESH } from '../mesh/scenario.ts';
import { FLOOD } from '../server/flood-scenario.ts';
import { SERVER } from '../server/scenario.ts';
import { SETUP } from '../setup/scenario.ts';
import type { Scenario } from './scenario.ts';

/** All that `npm run bench` can measure, in the order of the page. Another one is added here. */
export const SCENARIOS: readonly Scenario[] = [SIZE, SETUP, SERVER, FLOOD, DATA, MESH];
