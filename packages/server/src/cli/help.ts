import { FLAG_GROUPS, type Flag, type FlagGroup } from './flags.ts';

const INTRODUCTION = `Usage: peerline-server [options]

The signaling server of Peerline: it introduces peers to each other, and what they
then say and show never passes through it.`;

const EXAMPLES = `Examples:
  peerline-server --static apps/call/dist
      for yourself, at http://localhost:3000
  peerline-server --static apps/call/dist --host 0.0.0.0 --https
      for everyone on the network; browsers give the camera to https only
  PORT=8080 PEERLINE_LOG_FORMAT=json peerline-server --trust-proxy 1
      behind a reverse proxy that serves https

An option goes before its environment variable. SIGTERM and SIGINT end the server in
order, a second one at once. Exit status: 0 ended in order, 1 could not start, 2 bad
usage.`;

/** The text of `--help`. */
export function helpText(): string {
  const groups: readonly FlagGroup[] = FLAG_GROUPS;
  const sections = groups.map(({ title, flags }) => `${title}:\n${flags.map(describe).join('\n')}`);
  const others = 'Other:\n  -h, --help\n  -v, --version';
  return `${[INTRODUCTION, ...sections, others, EXAMPLES].join('\n\n')}\n`;
}

function describe(flag: Flag): string {
  const short = flag.short === undefined ? '    ' : `-${flag.short}, `;
  const value = flag.value === undefined ? '' : ` ${flag.value}`;
  const notes = [
    flag.default === undefined ? [] : [`default: ${flag.default}`],
    flag.isRepeatable ? ['repeatable'] : [],
    [`env: ${flag.env}`],
  ].flat();
  return `  ${short}--${flag.name}${value}\n      ${flag.help}\n      (${notes.join('; ')})`;
}
