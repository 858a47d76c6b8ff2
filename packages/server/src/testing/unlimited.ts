import type { ServerLimits } from '../policy/limits.ts';

const UNLIMITED = { burst: 1e9, perSecond: 1e9 };

/** For tests that send more than anyone may, to see what else holds. */
export const UNLIMITED_RATES = {
  messages: UNLIMITED,
  refusals: UNLIMITED,
  packets: UNLIMITED,
  bytes: UNLIMITED,
  roomMessages: UNLIMITED,
  addressPackets: UNLIMITED,
  addressBytes: UNLIMITED,
  joins: UNLIMITED,
  passwords: UNLIMITED,
  requests: UNLIMITED,
  openings: UNLIMITED,
  refusedRequests: UNLIMITED,
} satisfies Partial<ServerLimits>;
