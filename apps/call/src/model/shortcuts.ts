/** What a key can ask for during a call. */
export type Command =
  | { readonly type: 'microphone' | 'camera' | 'screen' | 'chat' | 'people' | 'hand' }
  | { readonly type: 'fullscreen' | 'help' }
  | { readonly type: 'pin'; readonly position: number }
  | { readonly type: 'unpin' }
  | { readonly type: 'talk' };

/** The part of a `KeyboardEvent` that counts. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly repeat: boolean;
}

/** Where the focus is, as far as keys care. */
export type KeyFocus =
  /** Letters are text there. */
  | 'text'
  /** A menu, list or dialog, which has keys of its own. */
  | 'widget'
  /** Space and Enter press it; letters are free. */
  | 'button'
  | 'page';

const LETTERS: { readonly [key: string]: Command } = {
  m: { type: 'microphone' },
  v: { type: 'camera' },
  d: { type: 'screen' },
  c: { type: 'chat' },
  p: { type: 'people' },
  h: { type: 'hand' },
  f: { type: 'fullscreen' },
  '?': { type: 'help' },
  0: { type: 'unpin' },
};

/** Letters with their meaning, for the help. */
export const SHORTCUT_HELP: readonly (readonly [keys: readonly string[], meaning: string])[] = [
  [['M'], 'Microphone on or off'],
  [['Space'], 'Hold to talk while the microphone is off'],
  [['V'], 'Camera on or off'],
  [['D'], 'Share the screen'],
  [['C'], 'Chat'],
  [['P'], 'People'],
  [['H'], 'Raise or lower your hand'],
  [['F'], 'Full screen'],
  [['1', '–', '9'], 'Make a tile large; press again to undo'],
  [['0'], 'Back to the usual view'],
  [['Ctrl', 'D'], 'Microphone, even while typing'],
  [['Ctrl', 'E'], 'Camera, even while typing'],
  [['?'], 'This list'],
];

/**
 * @param letters whether single keys count; the person may have turned them off
 * @returns what the key asks for, or undefined where it is nothing of ours
 */
export function commandFor(
  press: KeyPress,
  focus: KeyFocus,
  letters: boolean,
): Command | undefined {
  if (press.repeat || press.altKey) return undefined;
  const key = press.key.toLowerCase();
  if (press.ctrlKey || press.metaKey) {
    if (press.shiftKey) return undefined;
    if (key === 'd') return { type: 'microphone' };
    if (key === 'e') return { type: 'camera' };
    return undefined;
  }
  if (!letters || focus === 'text' || focus === 'widget') return undefined;
  if (press.code === 'Space') return focus === 'page' ? { type: 'talk' } : undefined;
  if (/^[1-9]$/u.test(key)) return { type: 'pin', position: Number(key) };
  return LETTERS[key];
}
