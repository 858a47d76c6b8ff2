import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { precompress } from './build/precompress.ts';
import { roomPreload } from './build/room-preload.ts';

export default defineConfig({
  plugins: [react(), roomPreload(), precompress()],
  build: {
    target: 'baseline-widely-available',
    // The first with `light-dark()`. Its stand-in for older ones resolves colours at the root, where
    // a dark stage on a light page would get the light ones.
    cssTarget: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    // The size gate reads which chunks the first page needs.
    manifest: true,
    // Every browser that has what a call needs knows `modulepreload` by itself.
    modulePreload: { polyfill: false },
    // Data URLs would need a wider content security policy than 'self'.
    assetsInlineLimit: 0,
  },
  server: {
    // The signaling server of the repository, started beside `vite` while developing.
    proxy: { '/socket.io': { target: 'http://localhost:3000', ws: true } },
  },
});
