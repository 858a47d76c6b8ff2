#!/usr/bin/env -S node --max-semi-space-size=8
// New objects get 8 MB instead of 16, three times over: a flood makes many, and the server grows by 30 MB and not
// by 100 (docs/decisions/0028-limits.md).
import { run } from './run.ts';

/** 128 + SIGINT, as shells tell it. */
const EXIT_FORCED = 130;

/** One Ctrl+C may come twice at once: from the terminal, and from npm, which passes it on. */
const SAME_SIGNAL_MS = 500;

const ended = new Promise((resolve) => {
  let firstAtMs: number | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    firstAtMs ??= performance.now();
    // Who asks a second time does not want to wait for connections to end.
    if (performance.now() - firstAtMs > SAME_SIGNAL_MS) process.exit(EXIT_FORCED);
    resolve(signal);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
});

process.exitCode = await run({
  args: process.argv.slice(2),
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  ended,
});
