import type { Fault } from './fault.ts';
import { randomFaults } from './random/random-faults.ts';
import { addressChange } from './rows/address-change.ts';
import { endingCredentials } from './rows/credentials.ts';
import { disorderedSignals } from './rows/disordered-signals.ts';
import { frozenTabs } from './rows/frozen-tab.ts';
import { glareFaults } from './rows/glare.ts';
import { halfOpen } from './rows/half-open.ts';
import { hostileMember } from './rows/hostile-member.ts';
import { losses } from './rows/loss.ts';
import { outages } from './rows/outage.ts';
import { killedPeers } from './rows/peer-killed.ts';
import { relays } from './rows/relay.ts';
import { sameIdentities } from './rows/same-identity.ts';
import { serverKilledMidNegotiation } from './rows/server-killed.ts';
import { serverRestart } from './rows/server-restart.ts';
import { turnKilled } from './rows/turn-killed.ts';
import { unpluggedDevices } from './rows/unplugged.ts';
import { wrongClocks } from './rows/wrong-clock.ts';

/** Every fault there is, in the order of the matrix. */
export const MATRIX: readonly Fault[] = [
  serverKilledMidNegotiation,
  serverRestart,
  halfOpen,
  ...losses,
  ...outages,
  addressChange,
  ...relays,
  ...glareFaults,
  disorderedSignals,
  ...frozenTabs,
  ...killedPeers,
  ...sameIdentities,
  ...wrongClocks,
  endingCredentials,
  hostileMember,
  ...unpluggedDevices,
  turnKilled,
  randomFaults,
];
