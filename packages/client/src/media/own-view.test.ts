import type { View } from '@peerline/protocol';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { OwnView } from './own-view.ts';

function opened(): { readonly clock: FakeClock; readonly view: OwnView; readonly told: View[] } {
  const clock = new FakeClock();
  const told: View[] = [];
  const view = new OwnView(clock, (one) => told.push(one) > 0);
  view.opened();
  return { clock, view, told };
}

const size = (width: number): { width: number; height: number } => ({ width, height: width / 2 });

describe('OwnView', () => {
  it('VIEW1 tells nothing where no element shows anything', async () => {
    const { clock, told } = opened();
    await clock.advanceAsync(10_000);
    expect(told).toEqual([]);
  });

  it('VIEW1 tells the first size at once, and of many only the last', async () => {
    const { clock, view, told } = opened();
    view.show('camera', size(100));
    expect(told).toEqual([{ camera: size(100) }]);
    for (let width = 100; width <= 200; width += 10) {
      view.show('camera', size(width));
      await clock.advanceAsync(20);
    }
    await clock.advanceAsync(1_000);
    expect(told).toEqual([{ camera: size(100) }, { camera: size(200) }]);
  });

  it('VIEW1 waits before it says that a picture is hidden, and not before it is shown again', async () => {
    const { clock, view, told } = opened();
    view.show('camera', size(100));
    view.show('camera', size(0));
    await clock.advanceAsync(1_000);
    view.show('camera', size(100));
    await clock.advanceAsync(10_000);
    expect(told).toHaveLength(1);
    view.show('camera', size(0));
    await clock.advanceAsync(2_000);
    expect(told.at(-1)).toEqual({ camera: size(0) });
    expect(view.isHidden('camera')).toBe(true);
    view.show('camera', size(100));
    expect(told.at(-1)).toEqual({ camera: size(100) });
  });

  it('VIEW1 tells a new channel what the old one was told', async () => {
    const { clock, view, told } = opened();
    view.show('screen', size(800));
    view.show('camera', size(80));
    await clock.advanceAsync(1_000);
    view.opened();
    expect(told.at(-1)).toEqual({ screen: size(800), camera: size(80) });
    expect(told).toHaveLength(3);
  });

  it('VIEW1 takes back what it said of a picture that ended', async () => {
    const { clock, view, told } = opened();
    view.show('camera', size(100));
    await clock.advanceAsync(1_000);
    view.show('camera', undefined);
    expect(told.at(-1)).toEqual({});
  });

  it('leaves no timer behind', () => {
    const { clock, view } = opened();
    view.show('camera', size(100));
    view.show('camera', size(120));
    view.show('camera', size(0));
    view.close();
    expect(clock.pending).toBe(0);
  });
});
