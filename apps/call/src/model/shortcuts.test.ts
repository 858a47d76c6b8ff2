import { describe, expect, it } from 'vitest';
import { commandFor, type KeyPress } from './shortcuts.ts';

function press(key: string, more: Partial<KeyPress> = {}): KeyPress {
  const code = key === ' ' ? 'Space' : '';
  const modifiers = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
  return { key, code, repeat: false, ...modifiers, ...more };
}

describe('commandFor', () => {
  it.each([
    ['m', 'microphone'],
    ['M', 'microphone'],
    ['v', 'camera'],
    ['d', 'screen'],
    ['c', 'chat'],
    ['p', 'people'],
    ['h', 'hand'],
    ['f', 'fullscreen'],
    ['?', 'help'],
  ])('takes %s for %s, on the page and on a button', (key, type) => {
    expect(commandFor(press(key), 'page', true)).toEqual({ type });
    expect(commandFor(press(key), 'button', true)).toEqual({ type });
  });

  it('leaves letters to text fields and menus, and to nobody when turned off', () => {
    expect(commandFor(press('m'), 'text', true)).toBeUndefined();
    expect(commandFor(press('m'), 'widget', true)).toBeUndefined();
    expect(commandFor(press('m'), 'page', false)).toBeUndefined();
  });

  it('leaves Space to a button that has the focus', () => {
    expect(commandFor(press(' '), 'page', true)).toEqual({ type: 'talk' });
    expect(commandFor(press(' '), 'button', true)).toBeUndefined();
    expect(commandFor(press(' ', { repeat: true }), 'page', true)).toBeUndefined();
  });

  it('takes Ctrl or Cmd with D and E anywhere, even with letters turned off', () => {
    expect(commandFor(press('d', { ctrlKey: true }), 'text', false)).toEqual({
      type: 'microphone',
    });
    expect(commandFor(press('e', { metaKey: true }), 'text', false)).toEqual({ type: 'camera' });
  });

  it('leaves the browser its own keys', () => {
    expect(commandFor(press('c', { ctrlKey: true }), 'page', true)).toBeUndefined();
    expect(commandFor(press('p', { metaKey: true }), 'page', true)).toBeUndefined();
    expect(commandFor(press('d', { altKey: true }), 'page', true)).toBeUndefined();
    expect(commandFor(press('d', { ctrlKey: true, shiftKey: true }), 'page', true)).toBeUndefined();
    expect(commandFor(press('Enter'), 'page', true)).toBeUndefined();
  });

  it('pins by number', () => {
    expect(commandFor(press('3'), 'page', true)).toEqual({ type: 'pin', position: 3 });
    expect(commandFor(press('0'), 'page', true)).toEqual({ type: 'unpin' });
  });
});
