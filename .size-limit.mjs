import { firstLoad } from './tools/size/first-load.mjs';
import { sizeLimits } from './tools/size/limits.mjs';

export default sizeLimits({
  core: ['packages/client/dist/core/index.js'],
  sdk: ['packages/client/dist/index.js'],
  app: firstLoad('apps/call/dist'),
});
