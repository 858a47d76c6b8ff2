import type { Fault } from './fault.ts';
import { addressChange } from './rows/address-change.ts';
import { losses } from './rows/loss.ts';
import { outages } from './rows/outage.ts';
import { relays } from './rows/relay.ts';
import { serverRestart } from './rows/server-restart.ts';
import { turnKilled } from './rows/turn-killed.ts';

/** Every fault there is, in the order of the matrix. */
export const MATRIX: readonly Fault[] = [
  serverRestart,
  ...losses,
  ...outages,
  addressChange,
  ...relays,
  turnKilled,
];
