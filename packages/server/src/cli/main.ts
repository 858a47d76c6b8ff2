#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { run } from './run.ts';

// Without it memory grows by 100 MB under a flood: V8 takes what idle WebSockets keep for a sign that the same
// lives long in busy ones, and puts all that comes into its old space (docs/decisions/0028).
setFlagsFromString('--no-allocation-site-pretenuring');

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
