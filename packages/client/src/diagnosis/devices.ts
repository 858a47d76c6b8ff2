import type { LocalMedia, LocalSourceState } from '../api.ts';
import type { Finding } from './verdicts.ts';

const KINDS = { camera: 'videoinput', microphone: 'audioinput' } as const;

/** Which of camera and microphone are missing, or were refused when they were asked for last. */
export async function examineDevices(local: LocalMedia): Promise<readonly Finding[]> {
  // A program without capture has no list, and nothing to say.
  const devices = await local.refreshDevices().catch(() => undefined);
  return (['camera', 'microphone'] as const).flatMap((kind): readonly Finding[] => {
    if (isBlocked(local[kind].state)) return [{ code: `${kind}-blocked` }];
    const missing = devices?.every((device) => device.kind !== KINDS[kind]) === true;
    return missing ? [{ code: `no-${kind}` }] : [];
  });
}

function isBlocked(state: LocalSourceState): boolean {
  return state.status === 'failed' && state.error.code === 'permission-denied';
}
