import { describe, test } from 'vitest';
import { MemorySwitchboard } from './memory-signaling.ts';
import { signalingContract, type SignalingHarness } from './signaling-contract.ts';

function harness(): SignalingHarness {
  const switchboard = new MemorySwitchboard();
  return {
    connect: () => switchboard.connection(),
    stopServer: () => Promise.resolve(switchboard.stop()),
    startServer: () => Promise.resolve(switchboard.start()),
    close: () => Promise.resolve(),
  };
}

describe('signaling in memory', () => {
  test.each(signalingContract)('$title', ({ run }) => run(harness()));
});
