import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Browsers close within a second; what takes longer is stuck. */
const GRACE_MS = 5_000;

/** Stands in the environment of everything that a run starts, however far down. */
const MARK = 'PEERLINE_TEST_RUN';

/** Starts programs, and leaves none of them behind. */
export class Processes {
  /** @readonly */
  #mark = randomUUID();
  /** @readonly @type {Set<import('node:child_process').ChildProcess>} */
  #running = new Set();

  /**
   * @param {string} command
   * @param {readonly string[]} args
   * @param {{ cwd: string, env?: Record<string, string>, onOutput?: (text: string) => void }} options
   * @returns {Promise<{ status: number | null, output: string }>}
   */
  run(command, args, { cwd, env = {}, onOutput }) {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env, [MARK]: this.#mark },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that a Ctrl-C reaches it once and in the order chosen here.
      detached: process.platform !== 'win32',
      shell: process.platform === 'win32',
    });
    this.#running.add(child);
    /** @type {string[]} */
    const said = [];
    const hear = (chunk) => {
      const text = chunk.toString();
      said.push(text);
      onOutput?.(text);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    return new Promise((resolve) => {
      child.once('error', (error) =>
        said.push(`${command} could not be started: ${error.message}`),
      );
      child.once('close', (status) => {
        this.#running.delete(child);
        resolve({ status, output: said.join('') });
      });
    });
  }

  /** Ends what still runs: first a word, then by force. */
  async end() {
    for (const child of this.#running) signal(child, 'SIGTERM');
    const deadlineMs = Date.now() + GRACE_MS;
    const still = () => this.#running.size > 0 || this.#leftovers().length > 0;
    while (still() && Date.now() < deadlineMs) await pause();
    for (const child of this.#running) signal(child, 'SIGKILL');
    this.killLeftovers();
  }

  /**
   * Ends what programs left behind: browsers begin groups of their own, and outlive a test that dies.
   *
   * @returns {number} how many there were
   */
  killLeftovers() {
    const left = this.#leftovers();
    for (const pid of left) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch (error) {
        if (error.code !== 'ESRCH') throw error;
      }
    }
    return left.length;
  }

  /** Only Linux tells other processes' environments. */
  #leftovers() {
    if (!existsSync('/proc/self/environ')) return [];
    const wanted = `${MARK}=${this.#mark}`;
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
      .filter((name) => {
        try {
          return readFileSync(`/proc/${name}/environ`, 'utf8').split('\0').includes(wanted);
        } catch {
          // Ended meanwhile, or someone else's.
          return false;
        }
      })
      .map(Number);
  }
}

function signal(child, name) {
  if (child.pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, name);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

function pause() {
  return new Promise((resolve) => {
    setTimeout(resolve, 50);
  });
}
