import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Each with the names it has on a PATH, the variable that says otherwise, and Debian's package. */
const PROGRAMS = [
  {
    names: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    variable: 'PEERLINE_CHROMIUM',
    debian: 'chromium',
  },
  { names: ['firefox-esr', 'firefox'], variable: 'PEERLINE_FIREFOX', debian: 'firefox-esr' },
  { names: ['turnserver'], variable: 'PEERLINE_TURNSERVER', debian: 'coturn' },
  { names: ['faketime'], variable: 'PEERLINE_FAKETIME', debian: 'faketime' },
  // What the network of the tests is made with; e2e/netlab/ says more.
  ...(process.env.PEERLINE_SKIP_NETLAB === '1'
    ? []
    : [
        { names: ['ip'], debian: 'iproute2' },
        { names: ['nft'], debian: 'nftables' },
        { names: ['python3'], debian: 'python3' },
        // Certificates of the TURN servers in it, and Firefox's trust in them.
        { names: ['openssl'], debian: 'openssl' },
        { names: ['certutil'], debian: 'libnss3-tools' },
      ]),
];

/**
 * Installs the browsers and the TURN server that are missing where that can be done without asking anyone.
 *
 * @param {import('./processes.mjs').Processes} processes
 * @param {string} cwd
 * @returns {Promise<string | undefined>} what the person has to do, where it cannot
 */
export async function ensurePrograms(processes, cwd) {
  const missing = missingPrograms();
  if (missing.length === 0) return undefined;
  const packages = missing.map(({ debian }) => debian);
  const prefix = await aptPrefix(processes, cwd);
  if (prefix === undefined) return advice(missing);
  console.log(`Installing ${packages.join(' and ')} with apt-get …`);
  const apt = async (...args) => {
    const [command, ...rest] = [...prefix, 'apt-get', ...args];
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    return await processes.run(command, rest, { cwd, env });
  };
  // Debian's package starts a TURN server of its own, which nobody has asked for.
  if (packages.includes('coturn') && existsSync('/run/systemd/system')) {
    const [command, ...rest] = [...prefix, 'systemctl', 'mask', 'coturn.service'];
    await processes.run(command, rest, { cwd });
  }
  // A list that is out of date is no reason to stop; what matters is whether the install works.
  await apt('update');
  const { status, output } = await apt('install', '-y', '--no-install-recommends', ...packages);
  if (status === 0 && missingPrograms().length === 0) return undefined;
  return `apt-get failed:\n${output}\n${advice(missing)}`;
}

function missingPrograms() {
  return PROGRAMS.filter(({ names, variable }) => {
    const told = variable === undefined ? undefined : process.env[variable];
    return told === undefined || told === '' ? !names.some(isOnPath) : !isExecutable(told);
  });
}

function isOnPath(name) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.some((folder) => isExecutable(join(folder, name)));
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What stands in front of `apt-get`: nothing for root, sudo where it asks for no password. */
async function aptPrefix(processes, cwd) {
  if (!existsSync('/etc/debian_version') || !isOnPath('apt-get')) return undefined;
  if (process.getuid?.() === 0) return [];
  if (!isOnPath('sudo')) return undefined;
  const { status } = await processes.run('sudo', ['-n', 'true'], { cwd });
  return status === 0 ? ['sudo', '-n'] : undefined;
}

function advice(missing) {
  const lines = missing.map(
    ({ names, variable }) =>
      `  ${names.at(-1)}: put it on the PATH as ${names.join(' or ')}${variable === undefined ? '' : `, or set ${variable} to its program`}`,
  );
  const debian = missing.map(({ debian: name }) => name).join(' ');
  return [
    'The browser tests need these programs, which are not here:',
    ...lines,
    `On Debian: sudo apt-get install ${debian}`,
    'To run everything else: npm test -- --only format,types,lint,knip,unit,packages,size',
  ].join('\n');
}
