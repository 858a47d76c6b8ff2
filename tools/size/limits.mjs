/**
 * What a program loads at once, as with the app's first load: `import()` is loaded when it is called, so
 * what it names is left out. Whatever is imported in the usual way counts, from anywhere.
 */
function loadedAtOnce(config) {
  const leaveOut = {
    name: 'leave-out-dynamic-imports',
    setup(build) {
      build.onResolve({ filter: /./ }, ({ kind, path }) =>
        kind === 'dynamic-import' ? { path, external: true } : undefined,
      );
    },
  };
  return { ...config, format: 'esm', plugins: [leaveOut] };
}

/**
 * What may be sent to a browser at most, compressed as servers send it.
 *
 * @param {{ core: readonly string[], sdk: readonly string[], app: readonly string[] }} paths `core` and
 *   `sdk`: entries of the SDK, to be bundled with what they import (docs/decisions/0006); `app`: every
 *   file of the app's first load
 */
export function sizeLimits({ core, sdk, app }) {
  return [
    // 30 KB (30.72 kB) is the aim; sealing took it above that (docs/decisions/0018-sealing.md). Of join
    // tokens 0.2 kB are here, and the rest is loaded where there is a `token` (0019-join-tokens.md). The door
    // and the change to another link took 2.7 kB (0023-admission.md); what only a host does is loaded then.
    // Visits took 1.2 kB (0030-visits.md), though what one needs who visits, or is visited, is loaded then.
    // The join in the upgrade took 0.3 kB (0031-join-in-upgrade.md), patience with busy machines 0.2 kB,
    // buffers that fit the link and the word that a machine does not keep up 0.15 kB.
    {
      name: 'SDK core, with socket.io-client',
      path: core,
      modifyEsbuildConfig: loadedAtOnce,
      gzip: true,
      limit: '38.5 kB',
    },
    {
      name: 'SDK with capture, and socket.io-client',
      path: sdk,
      modifyEsbuildConfig: loadedAtOnce,
      gzip: true,
      limit: '49.6 kB',
    },
    {
      name: 'call app, first load',
      path: app,
      // Built already; bundling it again would pull in what is loaded later.
      disablePlugins: ['@size-limit/esbuild'],
      gzip: true,
      limit: '150 kB',
    },
  ];
}
