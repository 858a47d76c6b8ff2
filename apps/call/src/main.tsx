import { mountApp } from './mount.tsx';

const loadRoom = () => import('./model/open-room.ts');

mountApp({
  prefetchRoom: () => void loadRoom().catch(() => undefined),
  async openRoom(link, origin, dependencies) {
    const { openRoom } = await loadRoom();
    return openRoom(link, origin, dependencies);
  },
});
