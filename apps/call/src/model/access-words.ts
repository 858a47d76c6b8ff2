import type { AdmissionView } from './admission.ts';

/**
 * Who may join, as a sentence.
 *
 * @param hostName of the other who decides; undefined where nobody is known to
 */
export function accessSentence(
  { access, hasPassword, host }: Pick<AdmissionView, 'access' | 'hasPassword' | 'host'>,
  hostName: string | undefined,
): string {
  const decider = host.who === 'me' ? 'You' : hostName;
  switch (access) {
    case 'open':
      return hasPassword
        ? 'Anyone with the link and the password can join.'
        : 'Anyone with the link can join.';
    case 'knock': {
      const lets =
        decider === undefined
          ? 'People are let in one by one.'
          : `${decider} ${decider === 'You' ? 'let' : 'lets'} people in.`;
      return hasPassword ? `${lets} They need the password too.` : lets;
    }
    case 'locked':
      return decider === undefined || decider === 'You'
        ? 'Nobody new can join.'
        : `Nobody new can join. ${decider} can change that.`;
  }
}
