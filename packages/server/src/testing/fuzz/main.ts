import { HELP, parseCommand, UsageError } from './options.ts';
import { fuzz, GROWTH_MAX_BYTES, type FuzzReport } from './run.ts';

const EXIT_FOUND = 1;
const EXIT_USAGE = 2;
const PROGRESS_EVERY_MS = 5_000;
/** More of them say the same. */
const FAULTS_SHOWN = 20;

try {
  const command = parseCommand(process.argv.slice(2), process.env);
  if (command.kind === 'help') process.stdout.write(HELP);
  else {
    process.stderr.write(`seed ${command.seed}\n`);
    let saidAtMs = performance.now();
    const report = await fuzz({
      ...command,
      onProgress: (inputs) => {
        if (performance.now() - saidAtMs < PROGRESS_EVERY_MS) return;
        saidAtMs = performance.now();
        process.stderr.write(`${inputs} of ${command.inputs} inputs\n`);
      },
    });
    process.stdout.write(
      command.json ? `${JSON.stringify(report, undefined, 2)}\n` : inWords(report),
    );
    if (report.faults.length > 0) process.exitCode = EXIT_FOUND;
  }
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\nSee --help.\n`);
  process.exitCode = EXIT_USAGE;
}

function inWords({
  seed,
  inputs,
  seconds,
  memory,
  grownBytes,
  bystander,
  faults,
}: FuzzReport): string {
  const counts = Object.entries(inputs).map(([layer, count]) => `${layer} ${count}`);
  const total = Object.values(inputs).reduce((sum, count) => sum + count, 0);
  const megabytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1);
  return [
    `${total} inputs in ${seconds} s (${counts.join(', ')}; seed ${seed})`,
    `memory of the server: ${memory.map(({ rssBytes }) => megabytes(rssBytes)).join(', ')} MB; in the second half ${megabytes(grownBytes)} of at most ${megabytes(GROWTH_MAX_BYTES)} MB more`,
    `bystander: ${bystander.signals} signals, p50 ${bystander.p50Ms} ms, p99 ${bystander.p99Ms} ms`,
    ...faults.slice(0, FAULTS_SHOWN).map((fault) => `FAULT ${fault}`),
    faults.length === 0 ? 'nothing found' : `${faults.length} faults found`,
    '',
  ].join('\n');
}
