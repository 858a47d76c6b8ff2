import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { ROOT } from './root.mjs';

/** @type {readonly ('SIGINT' | 'SIGTERM')[]} */
const SIGNALS = ['SIGINT', 'SIGTERM'];

/**
 * Runs npm in the workspace and holds its output back. A signal to this process ends npm as well.
 *
 * @param {readonly string[]} args
 * @returns {Promise<{ ok: boolean, output: string }>} `output` is what it printed, both streams together
 */
export function runNpm(args) {
  const child = spawnNpm(args);
  /** @param {'SIGINT' | 'SIGTERM'} signal */
  const stop = (signal) => {
    child.kill(signal);
    process.exit(128 + constants.signals[signal]);
  };
  for (const signal of SIGNALS) process.on(signal, stop);

  return new Promise((resolve) => {
    /** @type {Buffer[]} */
    const chunks = [];
    /** @param {boolean} ok @param {string} output */
    const settle = (ok, output) => {
      for (const signal of SIGNALS) process.off(signal, stop);
      resolve({ ok, output });
    };
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.once('error', (error) => settle(false, `npm could not be started: ${error.message}`));
    child.once('close', (code) => {
      settle(code === 0, Buffer.concat(chunks).toString('utf8').trimEnd());
    });
  });
}

/** @param {readonly string[]} args */
function spawnNpm(args) {
  /** @type {import('node:child_process').SpawnOptionsWithStdioTuple<'ignore', 'pipe', 'pipe'>} */
  const options = { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] };
  // Under `npm start` npm tells where it lives; `npm` itself is a .cmd file on Windows, which only a
  // shell runs.
  const script = process.env.npm_execpath;
  if (script !== undefined && /\bnpm-cli\.c?js$/.test(script)) {
    return spawn(process.execPath, [script, ...args], options);
  }
  return spawn('npm', args, { ...options, shell: process.platform === 'win32' });
}
