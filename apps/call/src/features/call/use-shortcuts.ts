import { useEffect } from 'react';
import type { Call } from '../../model/call.ts';
import { commandFor, type Command, type KeyFocus } from '../../model/shortcuts.ts';
import type { PreferenceStore } from '../../model/preferences.ts';

function focusOf(target: EventTarget | null): KeyFocus {
  if (!(target instanceof Element)) return 'page';
  if (target.closest('textarea, select, [contenteditable], input:not([type=range])')) return 'text';
  if (target.closest('[role=menu], [role=listbox], [role=dialog], [role=alertdialog]'))
    return 'widget';
  if (target.closest('button, a, input, [role=button]')) return 'button';
  return 'page';
}

export function toggleFullscreen(): void {
  // Phones and frames may refuse; the page then stays as it is.
  const change =
    document.fullscreenElement === null
      ? document.documentElement.requestFullscreen?.()
      : document.exitFullscreen();
  void change?.catch(() => undefined);
}

export interface ShortcutTargets {
  readonly call: Call;
  readonly preferences: PreferenceStore;
  readonly showHelp: () => void;
  readonly canShareScreen: boolean;
}

function run(command: Command, { call, showHelp, canShareScreen }: ShortcutTargets): void {
  switch (command.type) {
    case 'microphone':
    case 'camera':
      void call.own.toggle(command.type);
      return;
    case 'screen':
      if (canShareScreen) void call.own.toggleScreen();
      return;
    case 'chat':
    case 'people':
      call.togglePanel(command.type);
      return;
    case 'hand':
      call.toggleHand();
      return;
    case 'fullscreen':
      toggleFullscreen();
      return;
    case 'help':
      showHelp();
      return;
    case 'pin':
      call.pinAt(command.position);
      return;
    case 'unpin':
      call.unpin();
      return;
    case 'talk':
      call.own.talk();
      return;
  }
}

/** The keys of a call, for as long as it is shown. */
export function useShortcuts(targets: ShortcutTargets): void {
  const { call, preferences, showHelp, canShareScreen } = targets;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      const command = commandFor(event, focusOf(event.target), preferences.get().shortcuts);
      if (command === undefined) return;
      event.preventDefault();
      run(command, { call, preferences, showHelp, canShareScreen });
    };
    const stopTalking = (): void => call.own.stopTalking();
    const onKeyUp = (event: KeyboardEvent): void => {
      if (event.code === 'Space') stopTalking();
    };
    addEventListener('keydown', onKeyDown);
    addEventListener('keyup', onKeyUp);
    // A key let go in another window is never told.
    addEventListener('blur', stopTalking);
    return () => {
      removeEventListener('keydown', onKeyDown);
      removeEventListener('keyup', onKeyUp);
      removeEventListener('blur', stopTalking);
      stopTalking();
    };
  }, [call, preferences, showHelp, canShareScreen]);
}
